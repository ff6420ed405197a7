/** What one device takes of its FPGA and draws, as tables of the page. */
import { type Resources, resourceNames } from "../../area/resources.ts";
import { grouped, percent } from "../human.ts";
import type { Report } from "../report.ts";
import { powerColumns } from "../table-resources.ts";
import { type Block, numbers, type Section, words } from "./view.ts";

/** Nothing where the machine names no FPGA. */
export function resourceSections({ resources }: Report): readonly Section[] {
  if (resources === undefined) return [];
  const { device, part, components, total, capacity, utilization, uncosted, powerWatts } = resources;
  const rows = [...components, { component: "together", kind: "", ...total }];
  const count = (n: number): string => (Number.isInteger(n) ? grouped(n) : String(n));
  const column = (name: keyof Resources) =>
    numbers(
      name.toUpperCase(),
      rows.map((row) => row[name]),
      count,
    );
  const blocks: Block[] = [
    {
      kind: "table",
      caption: `One device: ${device} (${part})`,
      columns: [
        words(
          "component",
          rows.map(({ component }) => component),
        ),
        words(
          "kind",
          rows.map(({ kind }) => kind),
        ),
        ...resourceNames.map(column),
      ],
    },
    {
      kind: "facts",
      facts: resourceNames
        .filter((name) => capacity[name] > 0)
        .map((name) => [
          name.toUpperCase(),
          `${count(total[name])} of ${count(capacity[name])}, ${percent(utilization[name])}`,
        ]),
    },
    ...(uncosted.length === 0
      ? []
      : [{ kind: "text" as const, text: `Not counted: ${uncosted.join(", ")}.`, tone: "warning" as const }]),
  ];
  if (powerWatts !== undefined)
    blocks.push({
      kind: "table",
      caption: "Power of one device, units as busy as they were",
      columns: powerColumns(powerWatts).map(({ header, cells }) => words(header, cells)),
    });
  return [{ id: "resources", title: "FPGA resources and power", blocks }];
}
