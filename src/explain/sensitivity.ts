/**
 * What a change of the machine would buy: each physical parameter made better by 10 % and by 2, and the run simulated again. Nothing
 * is derived from a bound or a gradient, so what a change frees elsewhere, and what it uncovers, is in the number.
 */
import { type Resources, resourcesBy } from "../area/resources.ts";
import type { Report, Result } from "../report/report.ts";
import { type Candidate, candidates, type Parameter, wholeMachine } from "./parameter.ts";

/** Simulates the run with settings `hardware.<path>=..`; undefined where the configs do not admit them. */
export type Rerun = (set: readonly string[]) => Result | undefined;

/** The time that is to become less: of the whole run, or of some ops. In seconds. */
export type Measure = (report: Report) => number;

export interface Step {
  /** The value that took the parameter's place, as YAML has it: the wanted one or the next that the machine takes. */
  readonly value: string;
  /** By which it is better than the present one. Null for a time that became none. */
  readonly factor: number | null;
  readonly latencySeconds: number;
  /** By which the measured time falls, of itself: 0.5 is twice as fast. */
  readonly gain: number;
  readonly energyJoules: number;
  /** Of the present energy. */
  readonly energyRatio: number;
  /** What one device takes more of its FPGA, less where negative; absent where the machine names no FPGA. */
  readonly resources?: Resources;
  /** The same in shares of the FPGA. */
  readonly utilization?: Resources;
  /** What one device takes more of silicon; absent where the machine names no node. */
  readonly mm2?: number;
  /** The same, of the present area. */
  readonly areaRatio?: number;
  /** What most of the time would go to. */
  readonly boundBy: string;
}

export interface Sensitivity {
  readonly path: string;
  readonly part: string;
  readonly value: string;
  /** Absent where no such value is valid and fits. */
  readonly plusTenPercent?: Step;
  readonly timesTwo?: Step;
  readonly breakEven?: BreakEven;
}

/** From here on a doubling gains less than one percent. */
export interface BreakEven {
  readonly value: string;
  readonly factor: number | null;
  readonly latencySeconds: number;
  /** What the time goes to there. */
  readonly boundBy: string;
}

export interface Base {
  readonly report: Report;
  readonly measure: Measure;
  readonly boundOf: (report: Report) => string;
}

export interface Options {
  /** Called before each parameter. */
  readonly onProgress?: (done: number, all: number) => void;
  /** How many of the first get a break-even. */
  readonly breakEvens?: number;
}

/** A doubling that gains less than this is no gain. */
const negligible = 0.01;
/** Farther than that nobody builds. */
const farthest = 64;

/**
 * Ranked: what gains most by doubling first; between equals what comes in the finest steps. What moves the whole machine (its clock, its devices) comes
 * behind its parts, since it is no place to look.
 */
export function sensitivity(
  base: Base,
  parameters: readonly Parameter[],
  rerun: Rerun,
  { onProgress = () => undefined, breakEvens = 5 }: Options = {},
): readonly Sensitivity[] {
  const before = base.measure(base.report);
  const tried = remembered(rerun);
  const rows = parameters.map((parameter, index): Sensitivity & { readonly parameter: Parameter } => {
    onProgress(index, parameters.length);
    const { path, part, text } = parameter;
    const plusTenPercent = stepOf(base, before, parameter, 1.1, tried);
    const timesTwo = stepOf(base, before, parameter, 2, tried);
    return {
      parameter,
      path,
      part,
      value: text,
      ...(plusTenPercent === undefined ? {} : { plusTenPercent }),
      ...(timesTwo === undefined ? {} : { timesTwo }),
    };
  });
  return rows.sort(byGain).map(({ parameter, ...row }, index) => {
    if (index >= breakEvens || (row.timesTwo?.gain ?? 0) < negligible) return row;
    const breakEven = breakEvenOf(base, before, parameter, tried);
    return breakEven === undefined ? row : { ...row, breakEven };
  });
}

function byGain(a: Sensitivity, b: Sensitivity): number {
  const whole = Number(a.part === wholeMachine) - Number(b.part === wholeMachine);
  const two = (b.timesTwo?.gain ?? 0) - (a.timesTwo?.gain ?? 0);
  const finer = (a.plusTenPercent?.factor ?? farthest) - (b.plusTenPercent?.factor ?? farthest);
  return whole !== 0 ? whole : Math.abs(two) > 1e-12 ? two : finer;
}

type Tried = (parameter: Parameter, candidate: Candidate) => Report | undefined;

/** Only what changes latency and fits counts as tried. */
function remembered(rerun: Rerun): Tried {
  const known = new Map<string, Report | undefined>();
  return ({ path }, { text }) => {
    const setting = `hardware.${path}=${text}`;
    if (!known.has(setting)) {
      const result = rerun([setting]);
      known.set(setting, result?.status === "done" ? result.report : undefined);
    }
    return known.get(setting);
  };
}

/** The first of the values that the machine takes. */
function firstValid(
  parameter: Parameter,
  factor: number,
  tried: Tried,
): { readonly candidate: Candidate; readonly report: Report } | undefined {
  for (const candidate of candidates(parameter, factor)) {
    const report = tried(parameter, candidate);
    if (report !== undefined) return { candidate, report };
  }
  return undefined;
}

function stepOf(
  { measure, boundOf, report: present }: Base,
  before: number,
  parameter: Parameter,
  factor: number,
  tried: Tried,
): Step | undefined {
  const valid = firstValid(parameter, factor, tried);
  if (valid === undefined) return undefined;
  const { candidate, report } = valid;
  const latencySeconds = measure(report);
  const { energyJoules } = report.totals;
  return {
    value: candidate.text,
    factor: finite(candidate.factor),
    latencySeconds,
    gain: before === 0 ? 0 : 1 - latencySeconds / before,
    energyJoules,
    energyRatio: energyJoules / present.totals.energyJoules,
    ...fabricChange(present, report),
    ...siliconChange(present, report),
    boundBy: boundOf(report),
  };
}

function fabricChange(
  { resources: before }: Report,
  { resources: after }: Report,
): Pick<Step, "resources" | "utilization"> {
  if (before === undefined || after === undefined) return {};
  return {
    resources: resourcesBy((name) => after.total[name] - before.total[name]),
    utilization: resourcesBy((name) => after.utilization[name] - before.utilization[name]),
  };
}

const siliconChange = ({ area: before }: Report, { area: after }: Report): Pick<Step, "mm2" | "areaRatio"> =>
  before === undefined || after === undefined
    ? {}
    : { mm2: after.mm2 - before.mm2, areaRatio: after.mm2 / before.mm2 };

/** Doubles until that gains nothing more, then halves the factor between, to about a tenth. */
function breakEvenOf(
  { measure, boundOf }: Base,
  before: number,
  parameter: Parameter,
  tried: Tried,
): BreakEven | undefined {
  const timeAt = (factor: number): number => {
    const valid = factor === 1 ? undefined : firstValid(parameter, factor, tried);
    return valid === undefined ? (factor === 1 ? before : Number.NaN) : measure(valid.report);
  };
  const isEnough = (factor: number): boolean => !(1 - timeAt(2 * factor) / timeAt(factor) >= negligible);
  let short = 1;
  let enough = 2;
  while (!isEnough(enough)) {
    short = enough;
    enough *= 2;
    if (enough > farthest) return undefined;
  }
  while (enough / short > 1.1) {
    const middle = Math.sqrt(short * enough);
    if (isEnough(middle)) enough = middle;
    else short = middle;
  }
  const valid = firstValid(parameter, enough, tried);
  return (
    valid && {
      value: valid.candidate.text,
      factor: finite(valid.candidate.factor),
      latencySeconds: measure(valid.report),
      boundBy: boundOf(valid.report),
    }
  );
}

const finite = (factor: number): number | null => (Number.isFinite(factor) ? factor : null);
