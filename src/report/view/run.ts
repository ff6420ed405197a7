/** One run: what it was and took, where its time went as charts and tables, and what it rests on. */
import { boundText } from "../bound.ts";
import type { DoneRun } from "../chart/chart.ts";
import { runCharts } from "../chart/index.ts";
import { amount, duration, energy, grouped, percent, power, size } from "../human.ts";
import type { Report } from "../report.ts";
import { inputText, oneOf, rateText } from "../sample.ts";
import type { Timeline } from "../timeline/timeline.ts";
import { changeSections } from "./change.ts";
import { configBlocks } from "./config.ts";
import { resourceSections } from "./resources.ts";
import { siliconSections } from "./silicon.ts";
import { type Block, numbers, type Section, type Table, words } from "./view.ts";

/** @param timeline where the run was watched */
export function runSections(run: DoneRun, timeline?: Timeline): readonly Section[] {
  const { report } = run;
  const charts = runCharts(run);
  return [
    { id: "run", title: "The run", blocks: [{ kind: "facts", facts: facts(report) }, phaseTable(report)] },
    {
      id: "charts",
      title: "Where time and energy go",
      blocks: charts.map((chart): Block => ({ kind: "chart", chart })),
    },
    ...changeSections(run),
    ...timelineSection(timeline),
    {
      id: "layers",
      title: "Layers and units",
      blocks: [layerTable(report), opTable(report), unitTable(report)],
    },
    ...resourceSections(report),
    ...siliconSections(report),
    { id: "config", title: "Configuration and sources", blocks: configBlocks(report) },
  ];
}

const timelineSection = (timeline: Timeline | undefined): readonly Section[] =>
  timeline === undefined
    ? []
    : [{ id: "timeline", title: "Timeline", blocks: [{ kind: "timeline", timeline }] }];

function facts({ provenance, totals }: Report): readonly (readonly [string, string])[] {
  const { hardware, workload, dataflow } = provenance;
  const devices = hardware.devices === 1 ? "1 device" : `${hardware.devices} devices`;
  const busiest = Object.entries(totals.utilization).map(([unit, share]) => `${unit} ${percent(share)}`);
  return [
    ["hardware", `${hardware.name}, ${devices}`],
    ["workload", `${workload.name}, ${inputText(totals)}`],
    ["dataflow", dataflow.name],
    [
      "latency",
      `${duration(totals.latencySeconds)} (${grouped(totals.latencyCycles)} cycles), ${rateText(totals)}`,
    ],
    [
      "energy",
      `${energy(totals.energyJoules)}, ${energy(totals.energyPerTokenJoules)} a ${oneOf(totals)}, ${power(totals.averagePowerWatts)} on average`,
    ],
    ["work", `${amount(totals.macs)}MACs, ${amount(totals.macsPerSecond)}MAC/s`],
    ["utilization", busiest.join(", ")],
    ["parameters", `${amount(totals.parameters)}, ${size(totals.parameterBytes)}`],
  ];
}

const phaseTable = ({ phases }: Report): Table => ({
  kind: "table",
  caption: "Phases",
  columns: [
    words(
      "phase",
      phases.map(({ name }) => name),
    ),
    numbers(
      "tokens",
      phases.map(({ tokens }) => tokens || undefined),
      String,
    ),
    numbers(
      "time",
      phases.map(({ latencySeconds }) => latencySeconds),
      duration,
    ),
    numbers(
      "per token",
      phases.map(({ tokens, secondsPerToken }) => (tokens === 0 ? undefined : secondsPerToken)),
      duration,
    ),
    numbers(
      "share",
      phases.map(({ share }) => share),
      percent,
    ),
    numbers(
      "utilization",
      phases.map(({ utilization }) => utilization),
      percent,
    ),
    numbers(
      "MACs",
      phases.map(({ macs }) => macs),
      amount,
    ),
    numbers(
      "energy",
      phases.map(({ energyJoules }) => energyJoules),
      energy,
    ),
  ],
});

const layerTable = ({ layers }: Report): Table => ({
  kind: "table",
  caption: "Layers",
  columns: [
    words(
      "phase",
      layers.map(({ phase }) => phase),
    ),
    words(
      "layer",
      layers.map(({ block, times }) => (times === 1 ? block : `${block} × ${times}`)),
    ),
    ...spentColumns(layers),
  ],
});

const opTable = ({ ops }: Report): Table => ({
  kind: "table",
  caption: "Ops",
  columns: [
    words(
      "phase",
      ops.map(({ phase }) => phase),
    ),
    words(
      "op",
      ops.map(({ op }) => op),
    ),
    words(
      "kind",
      ops.map(({ kind }) => kind),
    ),
    ...spentColumns(ops),
  ],
});

function spentColumns(rows: Report["layers"] | Report["ops"]): Table["columns"] {
  const memories = [...new Set(rows.flatMap(({ bytes }) => Object.keys(bytes)))].sort();
  return [
    numbers(
      "time",
      rows.map(({ latencySeconds }) => latencySeconds),
      duration,
    ),
    numbers(
      "cycles",
      rows.map(({ latencyCycles }) => latencyCycles),
      grouped,
    ),
    numbers(
      "share",
      rows.map(({ share }) => share),
      percent,
    ),
    numbers(
      "utilization",
      rows.map(({ macs, utilization }) => (macs === 0 ? undefined : utilization)),
      percent,
    ),
    numbers(
      "MACs",
      rows.map(({ macs }) => macs || undefined),
      amount,
    ),
    ...memories.map((memory) =>
      numbers(
        memory,
        rows.map(({ bytes }) => bytes[memory] || undefined),
        size,
      ),
    ),
    numbers(
      "energy",
      rows.map(({ energyJoules }) => energyJoules),
      energy,
    ),
    words(
      "bound by",
      rows.map(({ boundBy }) =>
        boundBy === null ? "hidden" : `${boundText(boundBy)}, ${percent(boundBy.share)}`,
      ),
    ),
  ];
}

/** Devices do the same but for rounding: the first stands for all. */
function unitTable({ units, totals, provenance }: Report): Table {
  const shown = units.filter(
    ({ device, busySeconds, starvedSeconds }) => device === 0 && busySeconds + starvedSeconds > 0,
  );
  const share = (seconds: number): number =>
    totals.latencySeconds === 0 ? 0 : seconds / totals.latencySeconds;
  return {
    kind: "table",
    caption: provenance.hardware.devices === 1 ? "Units" : "Units of one device",
    columns: [
      words(
        "unit",
        shown.map(({ unit }) => unit),
      ),
      words(
        "kind",
        shown.map(({ kind }) => kind),
      ),
      numbers(
        "busy",
        shown.map(({ busyShare }) => busyShare),
        percent,
      ),
      numbers(
        "starved",
        shown.map(({ starvedSeconds }) => share(starvedSeconds)),
        percent,
      ),
      numbers(
        "idle",
        shown.map(({ idleSeconds }) => share(idleSeconds)),
        percent,
      ),
      numbers(
        "busy time",
        shown.map(({ busySeconds }) => busySeconds),
        duration,
      ),
    ],
  };
}
