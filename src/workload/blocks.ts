/**
 * Cuts a network given op by op into blocks: runs of ops that share the first word of their names, with the maximum pooling behind them;
 * equal neighbours are one block that repeats.
 */
import type { Block } from "./graph.ts";
import type { Op } from "./op.ts";

/**
 * Ops in data order, named "conv2_1.a.norm", become ops "a.norm" of block "conv2_1". A block reads its own results and, as "input",
 * the last result of the block before; where ops read farther back, the blocks between become one.
 */
export function blocksOf(ops: readonly Op[]): readonly Block[] {
  const parts = chained(ops).map((part): Block => {
    const [first] = part;
    const name = first === undefined ? "" : wordOf(first);
    const own = new Map(part.map((op) => [op.name, nameIn(name, op)]));
    return {
      name,
      times: 1,
      ops: part.map((op) => ({
        ...op,
        name: nameIn(name, op),
        inputs: op.inputs.map((input) => own.get(input) ?? "input"),
      })),
    };
  });
  return repeated(parts);
}

/** The least parts, by the first words of names, of which each reads no more than itself and the last result of the one before. */
function chained(ops: readonly Op[]): readonly (readonly Op[])[] {
  const parts: Op[][] = [];
  for (const op of ops) {
    const part = parts.at(-1);
    const [before] = part ?? [];
    const same = before !== undefined && wordOf(before) === wordOf(op);
    if (part !== undefined && (same || picks(op))) part.push(op);
    else parts.push([op]);
  }
  const whole: Op[][] = [];
  for (const part of parts) {
    whole.push(part);
    while (whole.length > 1 && readsFarther(whole)) {
      const last = whole.pop() ?? [];
      whole.at(-1)?.push(...last);
    }
  }
  return whole;
}

/** A maximum of neighbours belongs to what made them: machines take it as that leaves. */
const picks = (op: Op): boolean => op.kind === "pooling" && op.pool === "max" && op.name === wordOf(op);

/** Whether the last part reads what neither itself makes nor is the last result of the part before. */
function readsFarther(parts: readonly (readonly Op[])[]): boolean {
  const last = parts.at(-1) ?? [];
  const known = new Set([...last.map(({ name }) => name), parts.at(-2)?.at(-1)?.name ?? "input"]);
  return last.some(({ inputs }) => inputs.some((input) => !known.has(input)));
}

/** Equal neighbours, each with parameters of its own, are one block: "layer1" to "layer12" become "layer[1-12]". */
function repeated(blocks: readonly Block[]): readonly Block[] {
  const runs: { first: string; last: string; times: number; key: string; ops: readonly Op[] }[] = [];
  for (const { name, ops } of blocks) {
    const key = JSON.stringify(ops);
    const run = runs.at(-1);
    if (run?.key === key) {
      run.times += 1;
      run.last = name;
    } else runs.push({ first: name, last: name, times: 1, key, ops });
  }
  return runs.map(({ first, last, times, ops }) => ({ name: rangeName(first, last), times, ops }));
}

/** "layer1" and "layer12" as "layer[1-12]". */
export function rangeName(first: string, last: string): string {
  if (first === last) return first;
  const [numbered, other] = [first, last].map((name) => /^(.*?)(\d+)$/.exec(name));
  const [, word, from] = numbered ?? [];
  const [, same, to] = other ?? [];
  return word !== undefined && word === same ? `${word}[${from}-${to}]` : `${first}-${last}`;
}

const wordOf = ({ name }: Op): string => name.split(".")[0] ?? name;

/** An op that has the block's own name takes that of its kind. */
const nameIn = (block: string, { name, kind }: Op): string =>
  name === block ? kind : name.startsWith(`${block}.`) ? name.slice(block.length + 1) : name;
