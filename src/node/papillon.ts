#!/usr/bin/env node
/**
 * The command `papillon`. `scalesim` with plain options runs at once, for scripts that call it thousands of times: reading
 * options for all commands takes longer than most of its runs.
 */
import { fail } from "./exit.ts";
import { plainScaleSim } from "./scalesim-arguments.ts";
import { runScaleSim } from "./scalesim-run.ts";
import { optimizeLater } from "./startup.ts";

const options = plainScaleSim(process.argv.slice(2));
if (options === undefined) void import("./cli.ts");
else
  try {
    // Most networks are done before a function has run so long.
    optimizeLater(1_200_000);
    process.exitCode = runScaleSim(options);
  } catch (error) {
    process.exitCode = fail(error);
  }
