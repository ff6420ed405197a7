/** What moves through memories and links, and for which layers and kinds of op. */
import { size } from "../human.ts";
import type { OpRow } from "../report.ts";
import { axisUnit } from "./axis.ts";
import type { RunChart } from "./chart.ts";
import { ink, kindStyle, quiet, styleAt } from "./palette.ts";

/** A flow below this share of all is not seen, and its label hides others. */
const least = 2e-3;

export const traffic: RunChart = ({ report: { ops } }) => {
  const memories = [...new Set(ops.flatMap(({ bytes }) => Object.keys(bytes)))].sort();
  const kinds = [...new Set(ops.map(({ kind }) => kind))].sort();
  const flows = memories.flatMap((memory) =>
    kinds.map((kind) => ({ memory, kind, bytes: sumOf(ops, memory, kind) })).filter(({ bytes }) => bytes > 0),
  );
  const total = flows.reduce((sum, { bytes }) => sum + bytes, 0);
  const shown = flows.filter(({ bytes }) => bytes >= least * total);
  if (shown.length === 0) return [];
  const unit = axisUnit([total], "B");
  const sumBy = (key: "memory" | "kind", name: string): number =>
    flows.reduce((sum, flow) => (flow[key] === name ? sum + flow.bytes : sum), 0);
  const text = (name: string, bytes: number): string => `${name} ${size(bytes)}`;
  const colourOfMemory = (memory: string): string => styleAt(memories.indexOf(memory)).colour;
  return [
    {
      name: "traffic",
      title: "Memory and link traffic",
      description: `Bytes through each memory or link (left), by the kind of op that they moved for (right), all phases and devices together.${shown.length < flows.length ? " Flows below 0.2 % of all are left out." : ""}`,
      lines: Math.max(12, 2.6 * Math.max(count(shown, "memory"), count(shown, "kind")) + 4),
      config: {
        type: "sankey",
        data: {
          datasets: [
            {
              label: "traffic",
              data: shown.map(({ memory, kind, bytes }) => ({
                from: `of ${memory}`,
                to: `for ${kind}`,
                flow: unit.of(bytes),
              })),
              fromColours: shown.map(({ memory }) => colourOfMemory(memory)),
              toColours: shown.map(({ kind }) => kindStyle(kind, kinds).colour),
              colorMode: "gradient",
              labels: {
                ...Object.fromEntries(
                  memories.map((memory) => [`of ${memory}`, text(memory, sumBy("memory", memory))]),
                ),
                ...Object.fromEntries(kinds.map((kind) => [`for ${kind}`, text(kind, sumBy("kind", kind))])),
              },
              color: ink,
              borderWidth: 0.5,
              borderColor: quiet,
              alpha: 0.65,
              nodeWidth: 12,
              nodePadding: 18,
            },
          ],
        },
        options: { plugins: { legend: { display: false } } },
      },
      data: {
        header: ["memory", "kind", "bytes"],
        rows: flows.map(({ memory, kind, bytes }) => [memory, kind, bytes]),
      },
    },
  ];
};

const sumOf = (ops: readonly OpRow[], memory: string, kind: string): number =>
  ops.reduce((sum, op) => (op.kind === kind ? sum + (op.bytes[memory] ?? 0) : sum), 0);

const count = (
  flows: readonly { readonly memory: string; readonly kind: string }[],
  key: "memory" | "kind",
): number => new Set(flows.map((flow) => flow[key])).size;
