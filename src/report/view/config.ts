/** What a run rests on: the configs as resolved, and every number that says where it comes from. */
import type { Report } from "../report.ts";
import { type Block, words } from "./view.ts";

export function configBlocks({ provenance }: Report): readonly Block[] {
  const { tool, hardware, workload, dataflow, energyTable, numbers } = provenance;
  const text = (value: unknown): string =>
    typeof value === "object" ? JSON.stringify(value) : String(value);
  return [
    {
      kind: "facts",
      facts: [
        ["made by", tool],
        ["hardware", `${hardware.name}: ${hardware.source}`],
        ["workload", `${workload.name}: ${workload.source}`],
        [
          "dataflow",
          Object.entries(dataflow.options)
            .map(([key, value]) => `${key} ${text(value)}`)
            .join(", "),
        ],
        ["energy table", energyTable],
      ],
    },
    {
      kind: "table",
      caption: "Numbers and their sources",
      columns: [
        words(
          "number",
          numbers.map(({ path }) => path),
        ),
        words(
          "value",
          numbers.map(({ value = "" }) => text(value)),
        ),
        {
          header: "sure",
          cells: numbers.map(({ sure = "" }) => ({
            text: sure,
            ...(sure === "assumed" || sure === "calibrated" ? { tone: "warning" as const } : {}),
          })),
        },
        words(
          "source",
          numbers.map(
            ({ source = "", fittedOn = [] }) =>
              source + (fittedOn.length > 0 ? `; fitted on ${fittedOn.join("; ")}` : ""),
          ),
        ),
      ],
    },
    { kind: "code", caption: "Hardware as resolved", text: JSON.stringify(hardware.resolved, null, 2) },
    { kind: "code", caption: "Workload as resolved", text: JSON.stringify(workload.resolved, null, 2) },
  ];
}
