/** What one device takes of silicon, as tables of the page. */
import type { Report } from "../report.ts";
import { siliconColumns } from "../table-silicon.ts";
import { type Section, words } from "./view.ts";

/** Nothing where the machine names no node. */
export function siliconSections({ area }: Report): readonly Section[] {
  if (area === undefined) return [];
  const { node, unpriced } = area;
  return [
    {
      id: "silicon",
      title: "Silicon",
      blocks: [
        {
          kind: "table",
          caption: `One device at ${node}: operators, registers and memories; a chip is larger`,
          columns: siliconColumns(area).map(({ header, cells }) => words(header, cells)),
        },
        ...(unpriced.length === 0
          ? []
          : [
              {
                kind: "text" as const,
                text: `Not counted: ${unpriced.join(", ")}.`,
                tone: "warning" as const,
              },
            ]),
      ],
    },
  ];
}
