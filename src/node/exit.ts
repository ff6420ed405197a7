/** How a command ends. */
import { formatProblems, type Problem } from "../schema/problem.ts";

export const exit = {
  done: 0,
  /** A validation failed, or Papillon did. */
  failed: 1,
  /** The command line or a config is wrong; nothing was run or written. */
  wrong: 2,
  /** A design does not fit. */
  unfit: 3,
  /** Ctrl-C; what was done is kept. */
  stopped: 130,
} as const;

export type ExitStatus = (typeof exit)[keyof typeof exit];

/** Prints all problems of the user's configs. */
export function refuse(problems: readonly Problem[]): ExitStatus {
  process.stderr.write(`${formatProblems(problems)}\n`);
  return exit.wrong;
}

/** Prints what is wrong with the command line. */
export function refuseUse(message: string): ExitStatus {
  process.stderr.write(`papillon: ${message}\n`);
  return exit.wrong;
}

/** Prints what Papillon could not do, or that it is wrong itself. */
export function fail(error: unknown): ExitStatus {
  const debug = process.env["PAPILLON_DEBUG"] === "1";
  const message = error instanceof Error ? error.message : String(error);
  const told = debug && error instanceof Error ? error.stack : `${message}\n(PAPILLON_DEBUG=1 shows where)`;
  process.stderr.write(`papillon: ${told}\n`);
  return exit.failed;
}
