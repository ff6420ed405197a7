/** Runs side by side as sections of a page, or of a text. */
import { boundsOfOps, boundText } from "../bound.ts";
import { amount, deviation, duration, energy, percent, plain, power, size } from "../human.ts";
import type { Report } from "../report.ts";
import { type Block, numbers, type Section, type Table, type TableColumn, words } from "../view/view.ts";
import { comparisonCharts } from "./charts.ts";
import { type Against, type Compared, type Comparison, ratio } from "./compare.ts";

export function comparisonSections(comparison: Comparison): readonly Section[] {
  const { ops, kinds, against } = comparison;
  const names = comparison.runs.map(({ name }) => name);
  return [
    { id: "summary", title: "Summary", blocks: [totalsTable(comparison)] },
    {
      id: "charts",
      title: "Side by side",
      blocks: comparisonCharts(comparison).map((chart): Block => ({ kind: "chart", chart })),
    },
    ...against.map((each, index) => ({
      id: `reasons-${index + 1}`,
      title: `Why ${each.run.name} differs from ${names[0] ?? ""}`,
      blocks: [reasonTable(each), configTable(each)],
    })),
    {
      id: "parts",
      title: "Parts",
      blocks: [partTable("Kinds of op", "kind", kinds, names), partTable("Ops", "op", ops, names)],
    },
  ];
}

function totalsTable({ runs }: Comparison): Table {
  const [base] = runs;
  const of = (header: string, value: (report: Report) => number, text: (n: number) => string): TableColumn =>
    numbers(
      header,
      runs.map(({ report }) => value(report)),
      text,
    );
  return {
    kind: "table",
    caption: "Runs; the first is the base",
    columns: [
      words(
        "run",
        runs.map(({ name }) => name),
      ),
      words(
        "machine",
        runs.map(({ report }) => report.provenance.hardware.name),
      ),
      of("latency", ({ totals }) => totals.latencySeconds, duration),
      of(
        "of the base",
        ({ totals }) => totals.latencySeconds / (base?.report.totals.latencySeconds ?? 1),
        (n) => `× ${ratio(n)}`,
      ),
      of("energy", ({ totals }) => totals.energyJoules, energy),
      of(
        "of its energy",
        ({ totals }) => totals.energyJoules / (base?.report.totals.energyJoules ?? 1),
        (n) => `× ${ratio(n)}`,
      ),
      of("power", ({ totals }) => totals.averagePowerWatts, power),
      of("tokens/s", ({ totals }) => totals.tokensPerSecond, plain),
      of("MACs", ({ totals }) => totals.macs, amount),
      words(
        "bound by",
        runs.map(({ report }) =>
          boundsOfOps(report.ops)
            .slice(0, 1)
            .map((bound) => `${boundText(bound)}, ${percent(bound.share)}`)
            .join(""),
        ),
      ),
    ],
  };
}

/** The reasons that make out nearly all of the difference. */
const mostReasons = 40;

function reasonTable({ reasons }: Against): Table {
  const shown = reasons.slice(0, mostReasons);
  const all = reasons.reduce((sum, { seconds }) => sum + seconds, 0);
  const left = reasons.length - shown.length;
  return {
    kind: "table",
    caption: `Where the difference of ${signed(all)} comes from${left > 0 ? `, the ${mostReasons} largest of ${reasons.length} parts` : ""}`,
    columns: [
      words(
        "op",
        shown.map(({ op }) => op),
      ),
      words(
        "goes to",
        shown.map(({ cause }) => cause),
      ),
      numbers(
        "before",
        shown.map(({ before }) => before),
        duration,
      ),
      numbers(
        "after",
        shown.map(({ after }) => after),
        duration,
      ),
      numbers(
        "difference",
        shown.map(({ seconds }) => seconds),
        signed,
      ),
      words(
        "because",
        shown.map(({ because }) => because),
      ),
    ],
  };
}

const signed = (seconds: number): string => (seconds > 0 ? `+${duration(seconds)}` : duration(seconds));

const configTable = ({ config }: Against): Table => ({
  kind: "table",
  caption: config.length === 0 ? "The configs are the same" : "What differs in the configs",
  columns: [
    words(
      "value",
      config.map(({ path }) => path),
    ),
    words(
      "before",
      config.map(({ before }) => before),
    ),
    words(
      "after",
      config.map(({ after }) => after),
    ),
  ],
});

function partTable(
  caption: string,
  what: string,
  parts: readonly Compared[],
  names: readonly string[],
): Table {
  const others = names.slice(1);
  return {
    kind: "table",
    caption,
    columns: [
      words(
        what,
        parts.map(({ name }) => name),
      ),
      ...names.map((name, index) =>
        numbers(
          name,
          parts.map(({ seconds }) => seconds[index]),
          duration,
        ),
      ),
      ...others.map((name, index) =>
        numbers(
          `${name}, of the base`,
          parts.map(({ seconds: [base, ...after] }) => quotient(after[index], base)),
          (n) => `× ${ratio(n)} (${deviation(n - 1)})`,
        ),
      ),
      ...names.map((name, index) =>
        numbers(
          `bytes of ${name}`,
          parts.map(({ bytes }) => bytes[index] || undefined),
          size,
        ),
      ),
    ],
  };
}

/** Undefined where one of the two is not there, or took no time. */
const quotient = (after: number | undefined, before: number | undefined): number | undefined =>
  after === undefined || before === undefined || before === 0 ? undefined : after / before;
