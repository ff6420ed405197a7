#!/usr/bin/env node
/**
 * The command `papillon`. `scalesim` with plain options runs at once, for scripts that call it thousands of times: reading the options of
 * all commands takes longer than most of its runs, and so does compiling what it runs, which therefore is kept compiled.
 */
import { loadKept } from "./kept-code.ts";
import { optimizeLater } from "./startup.ts";

const [, , command, ...words] = process.argv;
const status = command === "scalesim" ? runAtOnce() : undefined;
if (status === undefined) void import("./cli.ts");
else process.exitCode = status;

function runAtOnce(): number | undefined {
  const { runPlainScaleSim } = loadKept<typeof import("./scalesim-plain.ts")>(
    `${import.meta.dirname}/scalesim-plain.cjs`,
    process.getBuiltinModule,
  );
  return runPlainScaleSim(words, (layers) => {
    // Not for one layer, which is done before a function has run so long, and not before what was compiled with other flags is loaded.
    if (layers > 1) optimizeLater(1_200_000);
  });
}
