/** What to change first, and the roofs, as columns of text. */
import { resourceNames } from "../area/resources.ts";
import { type Column, leftColumn, rightColumn } from "../report/columns.ts";
import { amount, percent, plain, rate } from "../report/human.ts";
import type { Roofline } from "../report/roofline.ts";
import type { Sensitivity, Step } from "./sensitivity.ts";

/** Rows that a table shows at most; JSON has all. */
const most = 12;

/** One sentence. */
export function headline(rows: readonly Sensitivity[]): string {
  const [first] = rows;
  const best = first?.timesTwo;
  if (first === undefined || best === undefined || best.gain < 0.001)
    return "No single parameter of the machine makes it faster.";
  const like = rows.filter(
    ({ path, part, timesTwo }) =>
      path !== first.path && part === first.part && timesTwo !== undefined && close(timesTwo, best),
  );
  const also = like.length === 0 ? "" : ` (or ${like.map(({ path }) => path).join(", ")})`;
  return `Change first: ${first.path}${also}, ${first.value} to ${best.value}: ${percent(best.gain)} less time, ${energyChange(best)} energy.`;
}

const close = (a: Step, b: Step): boolean => Math.abs(a.gain - b.gain) < 1e-3;

export function sensitivityColumns(rows: readonly Sensitivity[]): readonly Column[] {
  const shown = rows
    .filter(({ plusTenPercent, timesTwo }) => changes(plusTenPercent) || changes(timesTwo))
    .slice(0, most);
  const value = (step: Step | undefined): string => step?.value ?? "none fits";
  const gain = (step: Step | undefined): string => (step === undefined ? "" : percent(step.gain));
  return [
    leftColumn(
      "parameter",
      shown.map(({ path }) => path),
    ),
    rightColumn(
      "now",
      shown.map((row) => row.value),
    ),
    rightColumn(
      "+10 %",
      shown.map(({ plusTenPercent }) => value(plusTenPercent)),
      3,
    ),
    rightColumn(
      "gain",
      shown.map(({ plusTenPercent }) => gain(plusTenPercent)),
    ),
    rightColumn(
      "x2",
      shown.map(({ timesTwo }) => value(timesTwo)),
      2,
    ),
    rightColumn(
      "gain",
      shown.map(({ timesTwo }) => gain(timesTwo)),
    ),
    rightColumn(
      "energy",
      shown.map(({ timesTwo }) => (timesTwo === undefined ? "" : energyChange(timesTwo))),
    ),
    ...(shown.some(({ timesTwo }) => timesTwo?.utilization !== undefined)
      ? [
          rightColumn(
            "FPGA",
            shown.map(({ timesTwo }) => fabricText(timesTwo)),
          ),
        ]
      : []),
    ...(shown.some(({ timesTwo }) => timesTwo?.areaRatio !== undefined)
      ? [
          rightColumn(
            "silicon",
            shown.map(({ timesTwo }) => siliconText(timesTwo)),
          ),
        ]
      : []),
    leftColumn(
      "then bound by",
      shown.map(({ timesTwo }) => timesTwo?.boundBy ?? ""),
      4,
    ),
    rightColumn(
      "enough at",
      shown.map(({ breakEven }) => breakEven?.value ?? ""),
      1,
    ),
  ];
}

const changes = (step: Step | undefined): boolean => step !== undefined && Math.abs(step.gain) >= 0.0005;

/** "-12.3 %", of the machine's energy. */
const energyChange = ({ energyRatio }: Step): string => signed(energyRatio - 1);

/** The resource that the change takes most of, in the device's share: "+4.3 % DSP". */
function fabricText(step: Step | undefined): string {
  const change = step?.utilization;
  if (change === undefined) return "";
  const [largest = "lut"] = [...resourceNames].sort((a, b) => Math.abs(change[b]) - Math.abs(change[a]));
  return change[largest] === 0 ? "same" : `${signed(change[largest])} ${largest.toUpperCase()}`;
}

function siliconText(step: Step | undefined): string {
  const ratio = step?.areaRatio;
  if (ratio === undefined) return "";
  return ratio === 1 ? "same" : signed(ratio - 1);
}

const signed = (change: number): string => `${change < 0 ? "-" : "+"}${percent(Math.abs(change))}`;

export function rooflineColumns({ points }: Roofline): readonly Column[] {
  const shown = [...points].sort((a, b) => b.seconds - a.seconds).slice(0, most);
  return [
    leftColumn(
      "op",
      shown.map(({ op }) => op),
    ),
    leftColumn(
      "phase",
      shown.map(({ phase }) => phase),
      1,
    ),
    rightColumn(
      "MAC/B",
      shown.map(({ roof, intensity }) => {
        const own = intensity[roof.unit] ?? Object.values(intensity)[0];
        return own === undefined ? "" : plain(own);
      }),
    ),
    rightColumn(
      "MAC/s",
      shown.map(({ macsPerSecond }) => amount(macsPerSecond)),
    ),
    leftColumn(
      "roof",
      shown.map(({ roof }) => roof.unit),
    ),
    rightColumn(
      "of it",
      shown.map(({ roof }) => percent(roof.share)),
    ),
  ];
}

export const roofs = ({ compute, bandwidth }: Roofline): string =>
  [
    ...compute.map(({ unit, precision = "", macsPerSecond }) =>
      `${unit} ${amount(macsPerSecond)}MAC/s ${precision}`.trim(),
    ),
    ...bandwidth.map(
      ({ unit, bytesPerSecond, ridge }) => `${unit} ${rate(bytesPerSecond)} (ridge ${plain(ridge)} MAC/B)`,
    ),
  ].join("; ");
