/** What a better parameter gains, beside what it costs, as a table of the page; the tornado shows the same as a chart. */
import { resourceNames } from "../../area/resources.ts";
import type { DoneRun } from "../chart/chart.ts";
import { grouped, percent } from "../human.ts";
import { numbers, type Section, words } from "./view.ts";

/** Nothing where the run was not explained. */
export function changeSections({ explanation }: DoneRun): readonly Section[] {
  const rows = (explanation?.sensitivity ?? []).flatMap(({ path, value, timesTwo }) =>
    timesTwo === undefined || Math.abs(timesTwo.gain) < negligible ? [] : [{ path, value, step: timesTwo }],
  );
  if (rows.length === 0) return [];
  const fabric = resourceNames.filter((name) => rows.some(({ step }) => (step.resources?.[name] ?? 0) !== 0));
  const silicon = rows.some(({ step }) => step.mm2 !== undefined && step.mm2 !== 0);
  const column = (
    header: string,
    of: (step: (typeof rows)[number]["step"]) => number | undefined,
    text = grouped,
  ) =>
    numbers(
      header,
      rows.map(({ step }) => of(step) || undefined),
      (change) => `${change < 0 ? "−" : "+"}${text(Math.abs(change))}`,
    );
  return [
    {
      id: "change",
      title: "What to change first",
      blocks: [
        {
          kind: "table",
          caption:
            "Each parameter twice as good, simulated: by how much the latency falls, and what it costs",
          columns: [
            words(
              "parameter",
              rows.map(({ path }) => path.replace(/^units\./, "")),
            ),
            words(
              "now",
              rows.map(({ value }) => value),
            ),
            words(
              "then",
              rows.map(({ step }) => step.value),
            ),
            numbers(
              "gain",
              rows.map(({ step }) => step.gain),
              percent,
            ),
            column("energy", ({ energyRatio }) => energyRatio - 1, percent),
            ...fabric.map((name) => column(name.toUpperCase(), ({ resources }) => resources?.[name])),
            ...(silicon
              ? [
                  column(
                    "silicon (mm²)",
                    ({ mm2 }) => mm2,
                    (area) => area.toFixed(2),
                  ),
                ]
              : []),
          ],
        },
      ],
    },
  ];
}

/** A twentieth of a percent. */
const negligible = 0.0005;
