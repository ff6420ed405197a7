/** `papillon explain`: where the time of a run goes, what holds up what, and what a change of the machine would buy. */
import type { Command } from "commander";
import type { OnnxChoice } from "../../config/onnx.ts";
import type { PlannedRun } from "../../config/plan.ts";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { plannerOf, replanOf } from "../planner.ts";
import { onnxOptions } from "./onnx-option.ts";
import { collect, type Format, formatOption, widthOption } from "./option.ts";

interface ExplainOptions extends OnnxChoice {
  readonly hardware?: string;
  readonly workload?: string;
  readonly dataflow?: string;
  readonly set: readonly string[];
  readonly run?: string;
  readonly layer?: string;
  readonly format: Format;
  readonly width?: number;
}

export function defineExplain(program: Command, ends: (status: ExitStatus) => void): void {
  onnxOptions(program.command("explain"))
    .summary("why a run takes as long as it does, and what to change first")
    .description(
      "Shows the critical path of a run, what each unit waits for, and what each parameter of the machine would gain, by simulating it.",
    )
    .argument("[experiment]", "name or file of an experiment")
    .option("--hardware <name>", "name or file of a machine")
    .option("--workload <name>", "name or file of a workload")
    .option("--dataflow <name>", "another dataflow than the machine's own")
    .option("--set <path=value>", "change a value of the configs; may be repeated", collect, [])
    .option("--run <name>", "the run of the experiment (default: the longest)")
    .option("--layer <name>", "a phase, block or op: decode, decoder, decode.decoder, decoder.query")
    .addOption(formatOption(["table", "json"]))
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon explain dfx-gpt2-latency
  papillon explain dfx-gpt2-latency --run "345M on 1 card [32:1]" --layer decode.decoder
  papillon explain --hardware sta-fpga --workload bert-base --format json`,
    )
    .action(async (experiment: string | undefined, options: ExplainOptions) =>
      ends(await explainRun(experiment, options)),
    );
}

async function explainRun(experiment: string | undefined, options: ExplainOptions): Promise<ExitStatus> {
  const { hardware, workload, dataflow, run, layer, format } = options;
  if (
    experiment === undefined
      ? hardware === undefined || workload === undefined
      : (hardware ?? workload ?? dataflow) !== undefined
  )
    return refuseUse(
      "explain takes an experiment, or --hardware and --workload (papillon list shows what is there)",
    );
  const planner = await plannerOf(experiment, options);
  if (typeof planner === "string") return refuseUse(planner);
  const planned = planner([]);
  if (!planned.ok) return refuse(planned.problems);
  const chosen = await choose(planned.value, run);
  if (typeof chosen === "string") return refuseUse(chosen);
  const { explain } = await import("../../explain/explain.ts");
  const { paintOf, progress, widthOf } = await import("../terminal.ts");
  const strange = layer === undefined ? undefined : await strangeLayer(chosen, layer);
  if (strange !== undefined) return refuseUse(strange);
  const { show, done } = progress(process.stderr);
  const explained = explain(chosen, replanOf(planner, chosen), {
    ...(layer === undefined ? {} : { layer }),
    onProgress: (index, all) => show(`parameter ${index + 1} of ${all}`),
  });
  done();
  if (explained.status === "unfit") {
    process.stderr.write(`papillon: ${chosen.name} does not fit: ${explained.reason}\n`);
    return exit.unfit;
  }
  const { explanation } = explained;
  if (format === "json") process.stdout.write(`${JSON.stringify(explanation, null, 2)}\n`);
  else {
    const { renderExplanation } = await import("../../explain/table.ts");
    const width = widthOf(process.stdout, options.width);
    process.stdout.write(renderExplanation(explanation, { width, paint: paintOf(process.stdout) }));
  }
  return exit.done;
}

/** The run of that name, or the longest that fits. */
async function choose(runs: readonly PlannedRun[], name: string | undefined): Promise<PlannedRun | string> {
  const [first] = runs;
  if (name === undefined && runs.length === 1 && first !== undefined) return first;
  const { simulate } = await import("../../index.ts");
  const { longestRun } = await import("../../report/table.ts");
  const { nearest } = await import("../../schema/nearest.ts");
  const wanted =
    name ?? longestRun(runs.map((run) => ({ name: run.name, parameters: {}, result: simulate(run) })));
  const found = runs.find((run) => run.name === wanted) ?? (name === undefined ? first : undefined);
  if (found !== undefined) return found;
  const names = runs.map((run) => run.name);
  return unknown("run", wanted, names, nearest(wanted, names));
}

/** What is wrong with the name of a layer. */
async function strangeLayer(run: PlannedRun, layer: string): Promise<string | undefined> {
  const { simulate } = await import("../../index.ts");
  const { layerNames, namesInPhases } = await import("../../explain/selection.ts");
  const { nearest } = await import("../../schema/nearest.ts");
  const result = simulate(run);
  if (result.status === "unfit") return undefined;
  const names = layerNames(result.report);
  const all = [...names, ...namesInPhases(result.report)];
  return all.includes(layer)
    ? undefined
    : `${unknown("layer", layer, names, nearest(layer, all))}, each also in a phase (decode.decoder)`;
}

const unknown = (what: string, name: string, names: readonly string[], like: string | undefined): string =>
  `no ${what} is named ${JSON.stringify(name)}${like === undefined ? "" : `, did you mean ${JSON.stringify(like)}?`}; there are ${names.join(", ")}`;
