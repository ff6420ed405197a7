/** Where configs come from: the shipped ones by name, the user's by path. Files are read by whoever has files; the core has none. */
import type { Load } from "../schema/extend.ts";
import type { Reference } from "../schema/include.ts";
import type { ByteSource } from "../workload/onnx/source.ts";

export type Family =
  | "hardware"
  | "workloads"
  | "energy"
  | "memory"
  | "device"
  | "fabric"
  | "silicon"
  | "experiments";

/** Places of a family's configs that may name another config, and of which family. */
export type Includes = Readonly<Record<string, Family | "file">>;

export interface Library {
  /** The config of that name or path, `from` the folder of the file that names it. */
  readonly find: (family: Family, name: string, from?: string) => Source | undefined;
  /** Names of the shipped configs, for errors and lists. */
  readonly names: (family: Family) => readonly string[];
  readonly load: Load;
  /** A file of bytes, such as a model; absent where there are none. */
  readonly bytes?: (path: string, from?: string) => ByteSource | undefined;
}

/** The text of a config, and what to call it in errors. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** The places where a config names others, each with how to find them. */
export const referencesIn = (includes: Includes, { find, names }: Library): readonly Reference[] =>
  Object.entries(includes).map(([path, family]) =>
    family === "file"
      ? { path }
      : { path, shipped: { names: () => names(family), find: (name) => find(family, name) } },
  );
