/** All of `papillon`'s commands. Each loads what it needs when it runs, so that help and completion come at once. */
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { defineArea } from "./command/area.ts";
import { defineCheck } from "./command/check.ts";
import { defineCompare } from "./command/compare.ts";
import { defineCompletion } from "./command/completion.ts";
import { defineExplain } from "./command/explain.ts";
import { defineFigure } from "./command/figure.ts";
import { defineImport } from "./command/import.ts";
import { defineList } from "./command/list.ts";
import { defineMap } from "./command/map.ts";
import { defineMemory } from "./command/memory.ts";
import { definePlot } from "./command/plot.ts";
import { defineQuery } from "./command/query.ts";
import { defineReport } from "./command/report.ts";
import { defineRun } from "./command/run.ts";
import { defineScaleSim } from "./command/scalesim.ts";
import { defineSchema } from "./command/schema.ts";
import { defineSearch } from "./command/search.ts";
import { defineShow } from "./command/show.ts";
import { defineSweep } from "./command/sweep.ts";
import { defineValidate } from "./command/validate.ts";
import { defineWorker } from "./command/worker.ts";
import { type ExitStatus, exit, fail } from "./exit.ts";
import { startQuickly } from "./startup.ts";
import { reasonOf } from "./write.ts";

const program = new Command("papillon")
  .description("Simulates accelerators of neural networks: latency, energy, utilization, and why.")
  .version(version)
  .exitOverride()
  .showHelpAfterError("(papillon --help lists the commands and options)")
  .addHelpText(
    "after",
    `
Examples:
  papillon run dfx-gpt2-latency              an experiment, by name or file
  papillon run --hardware dfx-u280 --workload gpt2-1.5b-dfx
  papillon explain dfx-gpt2-latency          what holds it up, and what to change first
  papillon list                              what is shipped
  papillon show dfx-u280                     every number with its source
  papillon memory hbm2-1800-u280             a memory by itself: bandwidth and latency by pattern
  papillon area dfx-u280                     what it takes of its FPGA, and what that draws
  papillon check my-card.yaml                all mistakes of a config at once

Exit status: 0 done, 1 failed, 2 a mistake in the command line or a config, 3 a design does not fit, 130 stopped.`,
  );

let status: ExitStatus = exit.done;
const ends = (of: ExitStatus): void => {
  status = of;
};
defineRun(program, ends);
defineSweep(program, ends);
defineSearch(program, ends);
defineWorker(program, ends);
defineReport(program, ends);
defineFigure(program, ends);
definePlot(program, ends);
defineQuery(program, ends);
defineCompare(program, ends);
defineExplain(program, ends);
defineCheck(program, ends);
defineList(program, ends);
defineShow(program, ends);
defineValidate(program, ends);
defineMap(program, ends);
defineMemory(program, ends);
defineArea(program, ends);
defineScaleSim(program, ends);
defineImport(program, ends);
defineSchema(program, ends);
defineCompletion(program);

for (const stream of [process.stdout, process.stderr])
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader such as `head` that has seen enough is no error.
    const seen = error.code === "EPIPE";
    process.exit(seen ? status : fail(new Error(`cannot print: ${reasonOf(error)}`, { cause: error })));
  });

startQuickly();
try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) status = error.exitCode === 0 ? exit.done : exit.wrong;
  else status = fail(error);
}
process.exitCode = status;
