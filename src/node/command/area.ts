/** `papillon area`: what a machine takes of its FPGA, and what that draws; or what it takes of silicon. */
import type { Command } from "commander";
import type { readMachineInSilicon } from "../../config/silicon.ts";
import { type ExitStatus, exit, refuse } from "../exit.ts";
import { collect, type Format, formatOption, widthOption } from "./option.ts";

interface AreaOptions {
  readonly device?: string;
  readonly set: readonly string[];
  readonly format: Format;
  readonly width?: number;
}

export function defineArea(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("area")
    .summary("what a machine takes of its FPGA (LUT, FF, DSP, block RAM, UltraRAM, power), or of silicon")
    .description(
      "Estimates the resources of one device of a machine, unit by unit, against what its FPGA has, and its power with all units busy; of a machine in silicon, the area of its operators, registers and memories.",
    )
    .argument("<hardware>", "name of a shipped machine (papillon list hardware), or a file")
    .option("--device <device>", "another FPGA than the machine's own (papillon list device)")
    .option("--set <path=value>", "change a value of the machine; may be repeated", collect, [])
    .addOption(formatOption())
    .addOption(widthOption())
    .addHelpText(
      "after",
      `
Examples:
  papillon area dfx-u280
  papillon area dfx-u280 --set units.matrix.lanes=32
  papillon area tpu-v1 --set "silicon.node=7 nm"
  papillon area fabnet-vcu128-be40 --device u50 --format json`,
    )
    .action(async (name: string, options: AreaOptions) => ends(await area(name, options)));
}

/** Exit status 3 where the device is too small. */
async function area(name: string, { device, set, format, width }: AreaOptions): Promise<ExitStatus> {
  const { configReader } = await import("../../config/config-reader.ts");
  const { readMachineOnDevice } = await import("../../config/fpga.ts");
  const { fileLibrary } = await import("../library.ts");
  const read = configReader(fileLibrary());
  const { readMachineInSilicon } = await import("../../config/silicon.ts");
  const inSilicon = device === undefined ? readMachineInSilicon(read, name, set) : undefined;
  if (inSilicon?.ok === false) return refuse(inSilicon.problems);
  if (inSilicon !== undefined)
    return await areaInSilicon(inSilicon.value, { format, ...(width === undefined ? {} : { width }) });
  const found = readMachineOnDevice(read, name, { set, ...(device === undefined ? {} : { device }) });
  if (!found.ok) return refuse(found.problems);
  const { machineResources, resourceMisfits } = await import("../../area/machine-resources.ts");
  const { fpgaPower } = await import("../../area/fpga-power.ts");
  const { machine, numbers } = found.value;
  const { hardware, fpga } = machine;
  const resources = machineResources(hardware, fpga);
  const powerWatts = fpgaPower(hardware, resources, fpga);
  const misfits = resourceMisfits(resources);
  const estimate = {
    ...{ hardware: hardware.name, devices: hardware.devices, ...resources },
    ...(powerWatts === undefined ? {} : { powerWatts }),
    ...{ misfits, numbers },
  };
  const { areaCsv, areaTable } = await import("../area-table.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  if (format === "json")
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...estimate }, null, 2)}\n`);
  else if (format === "csv") process.stdout.write(areaCsv(estimate));
  else process.stdout.write(areaTable(estimate, widthOf(process.stdout, width), paintOf(process.stdout)));
  return misfits.length > 0 ? exit.unfit : exit.done;
}

type InSilicon = Extract<
  NonNullable<ReturnType<typeof readMachineInSilicon>>,
  { readonly ok: true }
>["value"];

async function areaInSilicon(
  { machine, numbers }: InSilicon,
  { format, width }: Pick<AreaOptions, "format" | "width">,
): Promise<ExitStatus> {
  const { siliconArea } = await import("../../area/silicon-area.ts");
  const { hardware, silicon } = machine;
  const estimate = {
    hardware: hardware.name,
    devices: hardware.devices,
    ...siliconArea(hardware, silicon),
    numbers,
  };
  const { siliconCsv, siliconTable } = await import("../silicon-table.ts");
  const { paintOf, widthOf } = await import("../terminal.ts");
  if (format === "json")
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...estimate }, null, 2)}\n`);
  else if (format === "csv") process.stdout.write(siliconCsv(estimate));
  else process.stdout.write(siliconTable(estimate, widthOf(process.stdout, width), paintOf(process.stdout)));
  return exit.done;
}
