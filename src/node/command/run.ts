/** `papillon run`: simulates an experiment, or one workload on one machine. */
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { OnnxChoice } from "../../config/onnx.ts";
import type { Plan, Planned } from "../../config/plan.ts";
import type { RunsPage } from "../../report/page-data.ts";
import type { RunResult } from "../../report/report.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import type { Window } from "../trace-run.ts";
import { onnxChoice, onnxOptions } from "./onnx-option.ts";
import { collect, type Format, formatOption, widthOption } from "./option.ts";

interface RunOptions extends OnnxChoice {
  readonly hardware?: string;
  readonly workload?: string;
  readonly dataflow?: string;
  readonly set: readonly string[];
  readonly format: Format;
  readonly detail?: string;
  readonly out?: string;
  readonly html?: string;
  readonly explain?: boolean;
  readonly trace?: string;
  readonly traceWindow?: Window;
  readonly width?: number;
}

export function defineRun(program: Command, ends: (status: ExitStatus) => void): void {
  onnxOptions(program.command("run"))
    .summary("simulate an experiment, or a workload on a machine")
    .description(
      "Simulates all runs of an experiment, or one workload on one machine, and reports where the time went.",
    )
    .argument("[experiment]", "name or file of an experiment")
    .option("--hardware <name>", "name or file of a machine")
    .option("--workload <name>", "name or file of a workload")
    .option("--dataflow <name>", "another dataflow than the machine's own")
    .option("--set <path=value>", "change a value of the configs; may be repeated", collect, [])
    .addOption(formatOption())
    .option("--detail <run>", "the run to show layer by layer: its name, all, or none (default: the longest)")
    .option("--out <folder>", "also write the results there, as .txt, .json and .csv")
    .option(
      "--html <file>",
      "also write a page with charts and tables, which asks for nothing from the network",
    )
    .option(
      "--explain",
      "with what to change first and the critical path of the detailed run on that page; simulates it for each parameter",
    )
    .option(
      "--trace <file>",
      "write a timeline of the detailed run for Perfetto (ui.perfetto.dev): .pftrace or .json, with .gz compressed",
    )
    .addOption(
      new Option(
        "--trace-window <from:to>",
        "seconds of the run for the trace and the page's timeline (default: the first two tokens of decode)",
      ).argParser(windowOf),
    )
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon run dfx-gpt2-latency
  papillon run my/experiment.yaml --format json
  papillon run --hardware dfx-u280 --workload gpt2-medium --set hardware.devices=1
  papillon run dfx-gpt2-latency --set hardware.units.hbm.channels=16 --out results
  papillon run fabnet-machines --html results/fabnet-machines.html --explain
  papillon run --hardware tpu-v1 --workload model.onnx --dim batch=8 --set workload.precision=int8
  papillon run --hardware dfx-u280 --workload gpt2-1.5b-dfx --trace dfx.pftrace --trace-window 0.88:0.90`,
    )
    .action(async (experiment: string | undefined, options: RunOptions) =>
      ends(await run(experiment, options)),
    );
}

async function run(experiment: string | undefined, options: RunOptions): Promise<ExitStatus> {
  const { hardware, workload } = options;
  if (
    experiment === undefined
      ? hardware === undefined || workload === undefined
      : (hardware ?? workload ?? options.dataflow) !== undefined
  )
    return refuseUse(
      "run takes an experiment, or --hardware and --workload (papillon list shows what is there)",
    );
  if (options.explain && options.html === undefined)
    return refuseUse("--explain goes with --html; papillon explain prints it on the terminal");
  const planned = await plan(experiment, options);
  if (typeof planned === "string") return refuseUse(planned);
  if (!planned.ok) return refuse(planned.problems);
  const { runs } = planned.value;
  const names = runs.map(({ name }) => name);
  const { detail } = options;
  if (detail !== undefined && !["all", "none", ...names].includes(detail))
    return refuseUse(
      `no run is named ${JSON.stringify(detail)}; there are ${names.join(", ")}, all and none`,
    );
  const { relate } = await import("../../report/relate.ts");
  const results = relate(planned.value, await simulateAll(planned.value));
  return report(
    planned.value,
    results,
    options,
    await explanationsOf(experiment, planned.value, results, options),
  );
}

/** Of the detailed run, by its name, where they are wanted. */
async function explanationsOf(
  experiment: string | undefined,
  { runs }: Plan,
  results: readonly RunResult[],
  options: RunOptions,
): Promise<RunsPage["explanations"]> {
  const { longestRun } = await import("../../report/table.ts");
  const wanted = [options.detail, longestRun(results)];
  const chosen = wanted.flatMap((name) => runs.find((run) => run.name === name) ?? [])[0];
  const { plannerOf, replanOf } = await import("../planner.ts");
  const planner = options.explain ? await plannerOf(experiment, options) : "";
  if (chosen === undefined || typeof planner === "string") return {};
  const { explain } = await import("../../explain/explain.ts");
  const { progress } = await import("../terminal.ts");
  const { show, done } = progress(process.stderr);
  const onProgress = (index: number, all: number): void => show(`parameter ${index + 1} of ${all}`);
  const explained = explain(chosen, replanOf(planner, chosen), { onProgress });
  done();
  return explained.status === "done" ? { [chosen.name]: explained.explanation } : {};
}

async function plan(
  experiment: string | undefined,
  { hardware = "", workload = "", dataflow, set, ...options }: RunOptions,
): Promise<Planned<Plan> | string> {
  const { planExperiment, planSingle } = await import("../../config/plan.ts");
  const { fileLibrary } = await import("../library.ts");
  const library = fileLibrary();
  if (experiment === undefined)
    return planSingle(hardware, workload, library, {
      set,
      ...onnxChoice(options),
      ...(dataflow === undefined ? {} : { dataflow }),
    });
  if (Object.keys(onnxChoice(options)).length > 0)
    return "--dim, --value, --allow-unknown and --measure-sparsity go with --workload model.onnx; an experiment sets workload.dims.batch";
  const source = library.find("experiments", experiment);
  if (source !== undefined) return planExperiment(source, library, set);
  const { notFound } = await import("../family.ts");
  return notFound(experiment, ["experiments"], library);
}

async function simulateAll({ runs }: Plan): Promise<readonly RunResult[]> {
  const { simulate } = await import("../../index.ts");
  const { progress } = await import("../terminal.ts");
  const { show, done } = progress(process.stderr);
  const results = runs.map((planned, index): RunResult => {
    const { name, parameters } = planned;
    show(`run ${index + 1} of ${runs.length}: ${name}`);
    return { name, parameters, result: simulate(planned) };
  });
  done();
  return results;
}

async function report(
  plan: Plan,
  results: readonly RunResult[],
  options: RunOptions,
  explanations: RunsPage["explanations"],
): Promise<ExitStatus> {
  const { renderTable, longestRun } = await import("../../report/table.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  const { noPaint } = await import("../../report/columns.ts");
  const { format, out, html, trace, detail } = options;
  const detailed = detail === "all" ? results.map(({ name }) => name) : [detail ?? longestRun(results)];
  const width = widthOf(process.stdout, options.width);
  const json = async () => (await import("../../report/json.ts")).renderJson(plan.name, results);
  const csv = async () => (await import("../../report/csv.ts")).renderCsv(plan.name, results);
  const table = (paint = noPaint): string => renderTable(plan, results, { width, paint, detail: detailed });
  const files: Record<string, string | Uint8Array> = {};
  if (out !== undefined) {
    files[join(out, `${plan.name}.txt`)] = table();
    files[join(out, `${plan.name}.json`)] = await json();
    files[join(out, `${plan.name}.csv`)] = await csv();
  }
  if (html !== undefined) {
    const { renderHtml } = await import("../../report/html.ts");
    const { pageAssets } = await import("../page-assets.ts");
    const { name: experiment, title, source: subtitle } = plan;
    const { timelinesOf } = await import("../timelines.ts");
    const asked = detail ?? longestRun(results);
    const timelines = timelinesOf(plan, results, asked, options.traceWindow);
    files[html] = renderHtml(
      { view: "runs", title, subtitle, results: { experiment, runs: results }, timelines, explanations },
      pageAssets(),
    );
  }
  if (trace !== undefined) {
    const traced = [detail, longestRun(results)].flatMap(
      (name) => plan.runs.find((run) => run.name === name) ?? [],
    )[0];
    const { traceRun } = await import("../trace-run.ts");
    if (traced === undefined) process.stderr.write("papillon: no run fits, so there is nothing to trace\n");
    else files[trace] = traceRun(traced, trace, options.traceWindow);
  }
  const { writeWhole } = await import("../write.ts");
  writeWhole(files);
  process.stdout.write(
    format === "json" ? await json() : format === "csv" ? await csv() : table(paintOf(process.stdout)),
  );
  return results.some(({ result }) => result.status === "unfit") ? exit.unfit : exit.done;
}

function windowOf(text: string): Window {
  const [from = Number.NaN, to = Number.NaN, more] = text.split(":").map(Number);
  if (!(from >= 0 && to > from) || more !== undefined)
    throw new InvalidArgumentError("Expected two times in seconds, such as 0.88:0.90.");
  return { from, to };
}
