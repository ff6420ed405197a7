/** `papillon map`: how each op of a workload is mapped on a machine. */
import type { Command } from "commander";
import { Option } from "commander";
import { type ExitStatus, exit, refuse, refuseUse } from "../exit.ts";
import { collect, type Format, formatOption } from "./option.ts";

interface MapOptions {
  readonly op?: string;
  readonly objective?: string;
  readonly set: readonly string[];
  readonly format: Format;
  readonly svg?: string;
}

export function defineMap(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("map")
    .summary("the mapping of each op as a loop nest, with its cost and how good it is")
    .description(
      "Shows how a machine with dataflow mapped runs each product of a workload: its loop nest on the memories, what its cycles and its energy go to, and how far at most a better mapping could be.",
    )
    .argument("<hardware>", "name of a shipped machine (papillon list hardware), or a file")
    .argument("<workload>", "name of a shipped workload, or a file")
    .option("--op <name>", "only this op, with its block or by its own name")
    .addOption(
      new Option("--objective <objective>", "another than the machine's own").choices([
        "latency",
        "energy",
        "product",
      ]),
    )
    .option("--set <path=value>", "change a value first; may be repeated", collect, [])
    .option("--svg <file>", "also draw the nest of the op, or of the first one")
    .addOption(formatOption(["table", "json"]))
    .addHelpText(
      "after",
      `
Examples:
  papillon map tpu-like-mapped resnet-18 --op conv3_1.a
  papillon map eyeriss-mapped alexnet --objective latency
  papillon map tpu-like-mapped bert-base --op query --svg query.svg`,
    )
    .action(async (hardware: string, workload: string, options: MapOptions) =>
      ends(await map(hardware, workload, options)),
    );
}

/** Exit status 3 where the machine cannot run the workload. */
async function map(hardware: string, workload: string, options: MapOptions): Promise<ExitStatus> {
  const { op: asked, objective, set, format, svg } = options;
  const { planSingle } = await import("../../config/plan.ts");
  const { fileLibrary } = await import("../library.ts");
  const settings = objective === undefined ? set : [...set, `hardware.dataflow.objective=${objective}`];
  const planned = planSingle(hardware, workload, fileLibrary(), { set: settings });
  if (!planned.ok) return refuse(planned.problems);
  const [run] = planned.value.runs;
  if (run === undefined) throw new Error("nothing was planned");
  const { machine } = run;
  if (machine.dataflow.name !== "mapped")
    return refuseUse(
      `${hardware} runs dataflow ${machine.dataflow.name}; only machines with dataflow mapped are mapped`,
    );
  const misfits = machine.dataflow.check(machine.hardware, run.workload);
  if (misfits.length > 0) {
    for (const { what, arithmetic } of misfits) process.stderr.write(`${what}: ${arithmetic}\n`);
    return exit.unfit;
  }
  const { mappedOps } = await import("../../dataflow/mapped-ops.ts");
  const all = mappedOps(machine.hardware, machine.dataflow, run.workload);
  const ops = all.filter(({ name }) => asked === undefined || name === asked || ownName(name) === asked);
  const [first] = ops;
  if (first === undefined)
    return refuseUse(
      all.length === 0
        ? `${workload} has no product to map`
        : `${workload} has no product ${asked}; it has ${all.map(({ name }) => name).join(", ")}`,
    );
  if (svg !== undefined) {
    const { nestSvg } = await import("../../report/nest-svg.ts");
    const { writeWhole } = await import("../write.ts");
    writeWhole({
      [svg]: nestSvg(`${first.name} on ${machine.hardware.name}`, first.hierarchy, first.mapping),
    });
  }
  if (format === "json") {
    const told = ops.map(({ name, problem, mapping, cost, searched, objective: by }) => {
      const { ports, traffic, ...totals } = cost;
      const stalls = ports.map(({ memory, port, stall }) => ({ memory, port, stallCycles: stall }));
      return {
        name,
        sizes: problem.sizes,
        objective: by,
        gap: searched?.gap,
        steps: searched?.steps,
        mapping,
        cost: { ...totals, ports: stalls, traffic },
      };
    });
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, ops: told }, null, 2)}\n`);
    return exit.done;
  }
  const { mappingsText } = await import("../mapping-text.ts");
  const { paintOf } = await import("../terminal.ts");
  process.stdout.write(mappingsText(ops, paintOf(process.stdout)));
  return exit.done;
}

const ownName = (name: string): string => name.slice(name.indexOf(".") + 1);
