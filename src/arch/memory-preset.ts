/**
 * A memory preset as a config: the data sheet's numbers, and what is wrong with them told at its place.
 * Models: nothing of its own. Ignores: nothing of its own.
 * Source: the rules of `presetProblems`.
 */
import { type MemoryPreset, memoryPreset, presetProblems } from "./dram/preset.ts";

/** A preset whose timings, organization and mapping agree with each other. */
export const soundPreset = memoryPreset.superRefine((preset, context) => {
  for (const problem of presetProblems(preset))
    context.addIssue({
      code: "custom",
      path: [...placeOf(problem, preset)],
      message: `what a data sheet can say: ${problem}`,
    });
});

/** The first word of the problem that names a value of the preset. */
function placeOf(problem: string, preset: MemoryPreset): readonly string[] {
  for (const word of problem.match(/\w+/g) ?? [])
    for (const part of ["timing", "organization"] as const)
      if (Object.hasOwn(preset[part], word)) return [part, word];
  const [first = ""] = problem.split(" ");
  return Object.hasOwn(preset, first) ? [first] : [];
}
