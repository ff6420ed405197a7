/** Parts of a network as blocks, named as the file names its layers: "encoder/layer[0-11]", else "layers[1-12]". */
import { rangeName } from "./blocks.ts";
import { type Block, networkInput } from "./graph.ts";
import type { Op } from "./op.ts";
import { type Edges, given, sharedPath } from "./op-edges.ts";

/** So many ops from one on, and as many equal ones behind them. */
export interface Part {
  readonly from: number;
  readonly length: number;
  readonly times: number;
}

export function namedBlocks(ops: readonly Op[], edges: Edges, parts: readonly Part[]): readonly Block[] {
  const named = namesOf(ops, parts);
  const where = new Map<number, { readonly block: string; readonly op: string }>();
  for (const { part, name, opNames } of named)
    for (let index = 0; index < part.length * part.times; index += 1)
      where.set(part.from + index, { block: name, op: opNames[index % part.length] ?? "" });
  return named.map(({ part: { from, length, times }, name, opNames }) => ({
    name,
    times,
    ops: ops.slice(from, from + length).map((op, index) => {
      const inputs = (edges.inputs[from + index] ?? []).map((input) => {
        if (input === from - 1) return "input";
        if (input === given) return networkInput;
        const { block, op: made } = where.get(input) ?? { block: "", op: "" };
        return block === name ? made : `${block}.${made}`;
      });
      return { ...op, name: opNames[index] ?? op.name, inputs };
    }),
  }));
}

interface Named {
  readonly part: Part;
  readonly name: string;
  readonly opNames: readonly string[];
}

function namesOf(ops: readonly Op[], parts: readonly Part[]): readonly Named[] {
  const taken = new Map<string, number>();
  const unique = (name: string): string => {
    const times = (taken.get(name) ?? 0) + 1;
    taken.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  };
  let layers = 0;
  return parts.map((part) => {
    const { from, length, times } = part;
    const own = ops.slice(from, from + length);
    const full = own.map(({ name }) => name);
    if (times === 1) return { part, name: unique("graph"), opNames: full };
    const path = sharedPath(own);
    const last = sharedPath(ops.slice(from + length * (times - 1), from + length * times));
    const first = layers + 1;
    layers += times;
    if (path === "" || last === "")
      return { part, name: unique(rangeName(`layers${first}`, `layers${layers}`)), opNames: full };
    const short = full.map((name) => name.slice(path.length));
    return {
      part,
      name: unique(rangeName(blockName(path), blockName(last))),
      opNames: short.some((name) => name === "input" || name === "") ? full : short,
    };
  });
}

/** A dot stands between block and op. */
const blockName = (path: string): string =>
  path
    .replace(/^\/|\/$/g, "")
    .replace(/[._-]?(\d+)$/, "$1")
    .replaceAll(".", "/");
