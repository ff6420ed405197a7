/** A library of two folders: a machine, a workload and a table that are right, and files beside the experiment that reads them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Library } from "../../src/config/library.ts";

const good = join(import.meta.dirname, "good");

export function pencilLibrary(folder: string): Library {
  const load = (path: string): string | undefined =>
    [join(folder, path), join(good, path)].filter(existsSync).map((file) => readFileSync(file, "utf8"))[0];
  return {
    load,
    names: (family) =>
      ({
        hardware: ["card"],
        workloads: ["tiny"],
        energy: ["pencil"],
        experiments: [],
        memory: [],
        device: [],
        fabric: [],
        silicon: [],
      })[family],
    find(_, name) {
      for (const file of [name, `${name}.yaml`]) {
        const text = load(file);
        if (text !== undefined) return { file, text };
      }
      return undefined;
    },
  };
}
