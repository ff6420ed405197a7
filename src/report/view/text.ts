/** Sections as plain text: their facts and tables; charts are left to pages and figures. */
import { type Column, columnLines, type Paint, wrapped } from "../columns.ts";
import type { Block, Section, Table } from "./view.ts";

export function sectionText(sections: readonly Section[], width: number, paint: Paint): string {
  const texts = sections.flatMap(({ title, blocks }) => {
    const lines = blocks.flatMap((block) => blockLines(block, width, paint));
    return lines.length === 0 ? [] : [[paint("bold", title), ...lines].join("\n")];
  });
  return `${texts.join("\n\n")}\n`;
}

function blockLines(block: Block, width: number, paint: Paint): readonly string[] {
  if (block.kind === "text") return wrapped(block.text, width);
  if (block.kind === "table")
    return [
      "",
      ...wrapped(block.caption, width),
      ...(block.columns[0]?.cells.length === 0 ? [] : columnLines(columnsOf(block), width, paint)),
    ];
  return [];
}

/** The first column stays; of the others the last goes first where the width ends. */
const columnsOf = ({ columns }: Table): readonly Column[] =>
  columns.map(({ header, cells }, index) => ({
    header,
    align: cells.some(({ number }) => number !== undefined) ? "right" : "left",
    rank: index < 3 ? 0 : index,
    cells: cells.map(({ text }) => text),
  }));
