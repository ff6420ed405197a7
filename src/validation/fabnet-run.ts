/** Runs FABNet and BERT on the machines that its authors evaluated, with ports as wide as a row says. */
import type { Library } from "../config/library.ts";
import { planSingle } from "../config/plan.ts";
import { simulate } from "../index.ts";
import type { Report } from "../report/report.ts";
import { formatProblems } from "../schema/problem.ts";

/** @throws Error when the configs cannot be read or the design does not fit */
export function reportOf(
  hardware: string,
  workload: string,
  library: Library,
  set: readonly string[],
): Report {
  const planned = planSingle(hardware, workload, library, { set });
  if (!planned.ok) throw new Error(formatProblems(planned.problems));
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing planned");
  const result = simulate(run);
  if (result.status === "unfit") throw new Error(result.reason);
  return result.report;
}

/** One port of so many bits a cycle. */
export const port = (unit: string, bits: string): readonly string[] => [
  `hardware.units.${unit}.channels=1`,
  `hardware.units.${unit}.width=${bits} bit`,
];

/** @throws Error when `name` is none of `choices` */
export function chosen(choices: Readonly<Record<string, string>>, what: string, name: string): string {
  const found = choices[name];
  if (found === undefined) throw new Error(`${what} ${name} is none of ${Object.keys(choices).join(", ")}`);
  return found;
}
