/** A machine without a workload, as commands that ask only about machines name it. */
import { type Place, type Problem, sortProblems } from "../schema/problem.ts";
import type { ConfigReader } from "./config-reader.ts";
import { commandSetting, routed } from "./setting.ts";

export type Read<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type NamedMachine = Extract<ReturnType<ConfigReader["machine"]>, { readonly ok: true }>;

/** @param set `path=value` of the command line; what is of a workload is a problem */
export function readNamedMachine(
  read: ConfigReader,
  name: string,
  set: readonly string[],
): Read<NamedMachine> {
  const { problems, ...settings } = routed(set.map(commandSetting));
  const lost = settings.workload.map(
    ({ at, text }): Problem => ({
      ...at,
      code: "invalid",
      path: text,
      expected: "a value of the machine",
      found: "one of a workload",
    }),
  );
  const machine = read.machine({ name, at: argument("papillon area", name) }, settings.hardware);
  const wrong = [...problems, ...lost, ...(machine.ok ? [] : machine.problems)];
  return machine.ok && wrong.length === 0
    ? { ok: true, value: machine }
    : { ok: false, problems: sortProblems(wrong) };
}

/** The place of something that stands on the command line. */
export const argument = (file: string, text: string): Place => ({ file, line: 1, column: 1, text });
