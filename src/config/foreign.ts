/** Configs of other simulators, taken as ours: recognised by what their files are called, and turned to YAML before they are read. */

import { readConfig } from "../scalesim/config.ts";
import { type Document, machineDocument } from "../scalesim/machine-document.ts";
import { networkDocument } from "../scalesim/network-document.ts";
import { readTopology, type TopologyOptions } from "../scalesim/topology.ts";
import type { Problem } from "../schema/problem.ts";
import type { Family, Source } from "./library.ts";

export type Foreign =
  | ({ readonly ok: true } & Document)
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** @returns undefined for a file that is none of another simulator's */
export function foreignDocument(
  family: Family,
  source: Source,
  options: TopologyOptions = {},
): Foreign | undefined {
  if (family === "hardware" && /\.cfg$/i.test(source.file)) {
    const read = readConfig(source);
    return read.ok ? { ok: true, ...machineDocument(read.value, source.file) } : read;
  }
  if (family === "workloads" && /\.csv$/i.test(source.file)) {
    const read = readTopology(source, options);
    if (!read.ok) return read;
    return { ok: true, ...networkDocument(read.value, source.file, read.notes) };
  }
  return undefined;
}
