/** `papillon scalesim`: SCALE-Sim's command. Files come and go by way of the caller, so that it runs in a browser too. */
import type { Problem } from "../schema/problem.ts";
import { readConfig, type ScaleSimConfig } from "./config.ts";
import type { Layer } from "./layer.ts";
import { readLayout } from "./layout.ts";
import type { Version } from "./reader.ts";
import type { TextFile } from "./reading.ts";
import { reportsOf } from "./report.ts";
import { type LayerResult, runLayer } from "./run-layer.ts";
import { readTopology, type Topology, type TopologyOptions } from "./topology.ts";

export interface ScaleSimInputs extends TopologyOptions {
  readonly config: TextFile;
  readonly topology: TextFile;
  readonly layout?: TextFile;
  readonly version: Version;
  /** Runs although the config asks for what is not modelled, bank layouts or Ramulator's traces, and leaves that out. */
  readonly ideal?: boolean;
  /** Told how many layers are run, before they are. */
  readonly begins?: (layers: number) => void;
}

export type ScaleSimRun =
  | {
      readonly status: "done";
      /** The folder of the reports, below the one that the user names. */
      readonly runName: string;
      readonly config: ScaleSimConfig;
      readonly topology: Topology;
      readonly layers: readonly LayerResult[];
      /** Text by file name. */
      readonly reports: Readonly<Record<string, string>>;
      readonly notes: readonly string[];
    }
  | { readonly status: "wrong"; readonly problems: readonly Problem[] }
  | { readonly status: "refused"; readonly reason: string };

export function scalesim({
  config,
  topology,
  layout,
  version,
  ideal,
  begins,
  ...options
}: ScaleSimInputs): ScaleSimRun {
  const readings = {
    config: readConfig(config),
    topology: readTopology(topology, options),
    layout: layout === undefined ? undefined : readLayout(layout),
  };
  const problems = Object.values(readings).flatMap((reading) =>
    reading === undefined || reading.ok ? [] : reading.problems,
  );
  if (!readings.config.ok || !readings.topology.ok || problems.length > 0)
    return { status: "wrong", problems };
  const machine = readings.config.value;
  const network = readings.topology.value;
  const missing = notModelled(machine, version);
  if (missing.length > 0 && ideal !== true)
    return {
      status: "refused",
      reason: `${config.file} asks for ${missing.join(" and ")}, not modelled here; --ideal runs without`,
    };
  const notes = [...readings.topology.notes, ...missing.map((what) => `without ${what}`)];
  if (network.batch > 1) notes.push(`${topology.file}: batches are run as one image, as SCALE-Sim does`);
  try {
    begins?.(network.layers.length);
    const layers = runLayers(network.layers, machine, version);
    const reports = reportsOf(layers, machine, version);
    return {
      status: "done",
      runName: machine.runName,
      config: machine,
      topology: network,
      layers,
      reports,
      notes,
    };
  } catch (error) {
    if (error instanceof RangeError)
      return { status: "refused", reason: `${topology.file}: ${error.message}` };
    throw error;
  }
}

/** Layers of the same shape run alike: networks repeat a few of them. */
function runLayers(
  layers: readonly Layer[],
  machine: ScaleSimConfig,
  version: Version,
): readonly LayerResult[] {
  const known = new Map<string, LayerResult>();
  return layers.map(({ name, ...shape }) => {
    const key = JSON.stringify(shape);
    const result = known.get(key) ?? runLayer({ name, ...shape }, machine, version);
    known.set(key, result);
    return { ...result, name };
  });
}

function notModelled(
  { layout, ramulator, sparsity, bandwidthMode }: ScaleSimConfig,
  version: Version,
): string[] {
  if (version === "v2") return [];
  const fixed = bandwidthMode === "fixed";
  return [
    ...(fixed && (layout.ifmap.custom || layout.filter.custom) ? ["bank conflicts of a custom layout"] : []),
    ...(fixed && ramulator ? ["Ramulator's traces"] : []),
    ...(sparsity.supported && sparsity.rowWise ? ["random row-wise sparsity (OptimizedMapping)"] : []),
  ];
}
