/**
 * A built module whose compiled form is kept beside it. V8 takes that from its own version and flags only, and compiles the text where
 * it does not; `module.enableCompileCache` does the like only from Node 22 on, and in a folder of the user's.
 */
import { readFileSync } from "node:fs";
import { Script } from "node:vm";

/** Where the compiled form of the module in `file` is kept. */
export const keptBeside = (file: string): string => `${file}.cache`;

/** The module as the script that is compiled: a function of what it exports and of how it gets the modules of Node. */
export function scriptOf(file: string, compiled?: Buffer): Script {
  const text = `(function (exports, require) {${readFileSync(file, "utf8")}\n})`;
  return new Script(text, { filename: file, ...(compiled === undefined ? {} : { cachedData: compiled }) });
}

/** Runs a script of `scriptOf`; returns what the module exports. */
export function exportsOf<T extends object>(script: Script, builtin: (id: string) => unknown): T {
  const run: (exports: Partial<T>, require: typeof builtin) => asserts exports is T =
    script.runInThisContext();
  const exports: Partial<T> = {};
  run(exports, builtin);
  return exports;
}

export const loadKept = <T extends object>(file: string, builtin: (id: string) => unknown): T =>
  exportsOf<T>(scriptOf(file, compiledOf(file)), builtin);

function compiledOf(file: string): Buffer | undefined {
  try {
    return readFileSync(keptBeside(file));
  } catch {
    return undefined;
  }
}
