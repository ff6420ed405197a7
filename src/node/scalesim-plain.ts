/** `papillon scalesim` with plain options, by itself. */
import { type ExitStatus, fail } from "./exit.ts";
import { plainScaleSim } from "./scalesim-arguments.ts";
import { runScaleSim } from "./scalesim-run.ts";

/**
 * @param begins told how many layers are run, before they are
 * @returns undefined, with nothing done, where the options are for the reader of all commands
 */
export function runPlainScaleSim(
  words: readonly string[],
  begins?: (layers: number) => void,
): ExitStatus | undefined {
  const options = plainScaleSim(words);
  if (options === undefined) return undefined;
  try {
    return runScaleSim(options, begins);
  } catch (error) {
    return fail(error);
  }
}
