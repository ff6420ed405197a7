/** Passes through the blocks of a network, found in the order of tasks: a pass begins where a block's first op comes again. */
import type { Span } from "../../engine/observer.ts";
import type { Layer } from "./timeline.ts";

/** A list to choose from gets useless past this. */
const most = 300;

/** @param spans in program order */
export function layersOf(spans: readonly Span[]): readonly Layer[] {
  const blocks = new Map<string, { readonly first: string; last: string; readonly passes: Pass[] }>();
  for (const { task, start, end } of spans) {
    const name = task.op.split(".")[0] ?? "";
    const block = blocks.get(name) ?? { first: task.op, last: "", passes: [] };
    blocks.set(name, block);
    if (block.last === "" || (task.op === block.first && block.last !== task.op))
      block.passes.push({ from: start, to: end });
    const pass = block.passes.at(-1);
    if (pass !== undefined) {
      pass.from = Math.min(pass.from, start);
      pass.to = Math.max(pass.to, end);
    }
    block.last = task.op;
  }
  return [...blocks]
    .flatMap(([name, { passes }]) =>
      passes.map((pass, index) => ({ ...pass, name: passes.length === 1 ? name : `${name} ${index + 1}` })),
    )
    .sort((a, b) => a.from - b.from)
    .slice(0, most);
}

interface Pass {
  from: number;
  to: number;
}
