/** `papillon scalesim` with its options read: from files to files. */
import { readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { Version } from "../scalesim/reader.ts";
import { type ScaleSimInputs, scalesim } from "../scalesim/scalesim.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "./exit.ts";
import { letterValues } from "./letter-values.ts";
import { codeOf, reasonOf, writeWhole } from "./write.ts";

export interface ScaleSimOptions {
  readonly config: string;
  readonly topology: string;
  readonly layout?: string;
  readonly input?: "conv" | "gemm";
  readonly path: string;
  readonly compat: Version;
  readonly set: readonly string[];
  readonly ideal?: true;
}

/** @param begins told how many layers are run, before they are */
export function runScaleSim(options: ScaleSimOptions, begins?: (layers: number) => void): ExitStatus {
  const { config: configPath, topology: topologyPath, layout: layoutPath, input, compat, ideal } = options;
  const paths = [configPath, topologyPath, ...(layoutPath === undefined ? [] : [layoutPath])];
  const [config, topology, layout] = paths.map(textFile);
  if (config === undefined || topology === undefined || (layoutPath !== undefined && layout === undefined))
    return refuseUse(`cannot read ${paths.filter((path) => textFile(path) === undefined).join(", ")}`);
  const values = letterValues(options.set);
  if (values === undefined) return refuseUse("--set takes a letter and a whole number, B=4");
  const inputs: ScaleSimInputs = {
    config,
    topology,
    version: compat,
    values,
    ...(layout === undefined ? {} : { layout }),
    ...(input === undefined ? {} : { inputs: input }),
    ...(ideal === undefined ? {} : { ideal }),
    ...(begins === undefined ? {} : { begins }),
  };
  const result = scalesim(inputs);
  if (result.status === "wrong") return refuse(result.problems);
  if (result.status === "refused") return refuseUse(result.reason);
  const folder = join(options.path, result.runName);
  const files = Object.entries(result.reports).map(([name, text]) => [join(folder, name), text]);
  writeWhole(Object.fromEntries(files));
  for (const note of result.notes) tell(2, `papillon: ${note}\n`);
  const cycles = result.layers.reduce((sum, { totalCycles }) => sum + totalCycles, 0);
  tell(1, `${result.layers.length} layers, ${cycles} cycles; reports in ${folder}\n`);
  return exit.done;
}

/**
 * One line on standard output or on that for errors, without the milliseconds that Node takes to make a stream of it where that can be
 * spared.
 */
function tell(descriptor: 1 | 2, line: string): void {
  try {
    writeSync(descriptor, line);
  } catch (error) {
    const code = codeOf(error);
    // A reader such as `head` that has seen enough is no error.
    if (code === "EPIPE") return;
    if (code !== "EAGAIN") throw new Error(`cannot print: ${reasonOf(error)}`, { cause: error });
    // The reader takes its time, which a stream waits for.
    (descriptor === 1 ? process.stdout : process.stderr).write(line);
  }
}

function textFile(file: string): { readonly file: string; readonly text: string } | undefined {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch {
    return undefined;
  }
}
