/** A stretch of a run that shows what it does: the first tokens of what it repeats. */
import type { Program } from "../program.ts";
import type { Stats } from "../stats.ts";

/** In ticks. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The first iterations of a phase, or of the last loop of the program's body where there is none of that name; the whole run where there
 * are no loops.
 * @param iterations as long as so many take on average
 */
export function firstIterations(
  { body }: Program,
  { marks, finish }: Pick<Stats, "marks" | "finish">,
  iterations: number,
  phase = "decode",
): Window {
  const loops = body.map((item) => (item.kind === "repeat" && item.times > 0 ? item : undefined));
  const named = loops.findIndex((loop) => loop?.name === phase);
  const index = named < 0 ? loops.findLastIndex((loop) => loop !== undefined) : named;
  const loop = loops[index];
  if (loop === undefined) return { from: 0, to: finish };
  const from = marks[index - 1] ?? 0;
  const to = marks[index] ?? finish;
  return { from, to: Math.round(from + ((to - from) / loop.times) * Math.min(iterations, loop.times)) };
}
