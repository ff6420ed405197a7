/** `hardware.units.hbm.channels=16`: values set over a machine or a workload, and which of the two each belongs to. */

import { hardwareFields } from "../arch/hardware.ts";
import { nearest } from "../schema/nearest.ts";
import type { Place, Problem } from "../schema/problem.ts";
import { onnxFields } from "./onnx.ts";
import { workloadFields } from "./workload.ts";

export interface Setting {
  /** "hardware.units.hbm.channels"; the first word may be left out where only one of the two has the second. */
  readonly path: string;
  /** As YAML has it. */
  readonly value: string;
  readonly at: Place;
}

/** Overrides of one document, and where each stands. */
export interface Settings {
  readonly hardware: readonly Routed[];
  readonly workload: readonly Routed[];
  readonly problems: readonly Problem[];
}

export interface Routed {
  /** `path=value` as the document's reader takes it. */
  readonly text: string;
  /** What the setting's path has before the path in the document: "hardware.", "workload." or nothing. */
  readonly prefix: string;
  readonly at: Place;
}

/** The settings of a run in the experiment's file. */
export const settingOf = (path: string, value: string | number | boolean, at: Place): Setting => ({
  path,
  value: typeof value === "string" ? JSON.stringify(value) : String(value),
  at,
});

/** A setting of the command line, `path=value`. */
export function commandSetting(text: string, index: number): Setting {
  const [path = "", ...value] = text.split("=");
  return {
    path: path.trim(),
    value: value.join("="),
    at: { file: "--set", line: index + 1, column: 1, text },
  };
}

export function routed(settings: readonly Setting[]): Settings {
  const hardware: Routed[] = [];
  const workload: Routed[] = [];
  const problems: Problem[] = [];
  for (const { path, value, at } of settings) {
    const [first = "", ...rest] = path.split(".");
    const below = { text: `${rest.join(".")}=${value}`, prefix: `${first}.`, at };
    const whole = { text: `${path}=${value}`, prefix: "", at };
    if (first === "hardware" && rest.length > 0) hardware.push(below);
    else if (first === "workload" && rest.length > 0) workload.push(below);
    else if (hardwareKeys.includes(first) && !workloadKeys.includes(first)) hardware.push(whole);
    else if (workloadKeys.includes(first) && !hardwareKeys.includes(first)) workload.push(whole);
    else problems.push(lost(path, first, at));
  }
  return { hardware, workload, problems };
}

/** Whether a setting changes the workload and not the machine. */
export function isOfWorkload(path: string): boolean {
  const [first = ""] = path.split(".");
  return first === "workload" || (workloadKeys.includes(first) && !hardwareKeys.includes(first));
}

const hardwareKeys = [...Object.keys(hardwareFields.shape), "dataflow", "fpga", "silicon"];
const workloadKeys = [...Object.keys(workloadFields.shape), ...Object.keys(onnxFields.shape)];

function lost(path: string, first: string, at: Place): Problem {
  const suggestion = nearest(first, ["hardware", "workload", ...hardwareKeys, ...workloadKeys]);
  return {
    ...at,
    code: "unknown-key",
    path,
    expected: "path=value with a path that starts with hardware or workload",
    found: JSON.stringify(path),
    ...(suggestion === undefined || suggestion === first ? {} : { suggestion }),
  };
}
