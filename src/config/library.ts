/** Where configs come from: the shipped ones by name, the user's by path. Files are read by whoever has files; the core has none. */
import type { Load } from "../schema/extend.ts";

export type Family = "hardware" | "workloads" | "energy" | "experiments";

export interface Library {
  /** The config of that name or path, `from` the folder of the file that names it. */
  readonly find: (family: Family, name: string, from?: string) => Source | undefined;
  /** Names of the shipped configs, for errors and lists. */
  readonly names: (family: Family) => readonly string[];
  readonly load: Load;
}

/** The text of a config, and what to call it in errors. */
export interface Source {
  readonly file: string;
  readonly text: string;
}
