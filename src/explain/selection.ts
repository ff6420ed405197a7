/** `--layer decode.decoder`: the ops of a run that a name means. */
import type { OpRow, Report } from "../report/report.ts";

export type IsChosen = (op: Pick<OpRow, "phase" | "op">) => boolean;

/** Names of phases, blocks and ops. */
export function layerNames({ ops }: Pick<Report, "ops">): readonly string[] {
  const phases = ops.map(({ phase }) => phase);
  const blocks = ops.map(({ block }) => block);
  return [...new Set([...phases, ...blocks, ...ops.map(({ op }) => op)])];
}

/** Names of blocks and ops in a phase: "decode.decoder", "decode.decoder.query". */
export const namesInPhases = ({ ops }: Pick<Report, "ops">): readonly string[] => [
  ...new Set(ops.flatMap(({ phase, block, op }) => [`${phase}.${block}`, `${phase}.${op}`])),
];

export function chooses(name: string): IsChosen {
  const under = (path: string): boolean => path === name || path.startsWith(`${name}.`);
  return ({ phase, op }) => under(op) || under(`${phase}.${op}`);
}
