/** What makes a command that runs for a third of a second cheap. */
import module from "node:module";

export function startQuickly(): void {
  keepCompiledCode();
  optimizeLater();
}

/** Between runs; Node 22 and later can. */
function keepCompiledCode(): void {
  if ("enableCompileCache" in module && typeof module.enableCompileCache === "function")
    module.enableCompileCache();
}

/**
 * The V8 of Node 20 hands every function to its optimizing compiler after a few milliseconds of use, which costs a short
 * run a third of its CPU time and never pays; ten times later costs long runs nothing. Later V8s have a tier in between, and no such flag.
 * @param budget of bytecodes that a function runs before
 */
export function optimizeLater(budget = 600_000): void {
  if (process.versions.node.startsWith("20.")) setFlag(`--interrupt-budget=${budget}`);
}

/** For what runs long, and in threads, which get to know their own code: the budget that Node 20 has by itself. */
export function fullSpeed(): void {
  if (process.versions.node.startsWith("20.")) setFlag("--interrupt-budget=67584");
}

/** Not imported above: Node takes milliseconds to load it. */
const setFlag = (flag: string): void => process.getBuiltinModule("node:v8").setFlagsFromString(flag);
