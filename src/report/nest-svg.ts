/** A mapping as a picture: the loops, and beside them for each operand which of its memories holds the tile that they run over. */
import { type Operand, type OperandHierarchy, operands } from "../arch/operand-hierarchy.ts";
import type { Mapping } from "../mapping/mapping.ts";
import { pathOf } from "../mapping/unrolling.ts";

const row = 26;
const column = { loops: 250, operand: 150, gap: 12 };
const colours: Readonly<Record<Operand, readonly string[]>> = {
  O: ["#fde3d2", "#f8bd98", "#ef9560", "#d9703a"],
  W: ["#dbe7f6", "#aecbeb", "#7fabdb", "#5489c2"],
  I: ["#dcefdd", "#b0dab3", "#82c188", "#579f5f"],
};
const titles: Readonly<Record<Operand, string>> = { O: "outputs", W: "weights", I: "inputs" };

export function nestSvg(title: string, hierarchy: OperandHierarchy, mapping: Mapping): string {
  const spatial = Object.entries(mapping.unrolling).flatMap(([array, factors]) =>
    Object.entries(factors).flatMap(([dimension, factor]) =>
      factor === undefined || factor === 1 ? [] : [`${dimension} ${factor} side by side (${array})`],
    ),
  );
  const loops = mapping.loops.toReversed().map(({ dimension, times }) => `for ${dimension} in 0..${times}`);
  const top = 84;
  const width = column.loops + operands.length * (column.operand + column.gap) + 24;
  const height = top + (loops.length + spatial.length) * row + 24;
  const lines = [...loops, ...spatial].map((text, index) =>
    label(16 + 10 * Math.min(index, 12), top + index * row + 17, text, "start"),
  );
  const blocks = operands.flatMap((operand, place) => {
    const left = column.loops + place * (column.operand + column.gap);
    const head = label(
      left + column.operand / 2,
      top - 10,
      `${titles[operand]} (${operand})`,
      "middle",
      true,
    );
    return [head, ...memoriesOf(hierarchy, mapping, operand, left, top)];
  });
  const array = spatial.length === 0 ? [] : [arrayBlock(top + loops.length * row, spatial.length, width)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    label(16, 26, title, "start", true),
    ...array,
    ...blocks,
    ...lines,
    "</svg>\n",
  ].join("\n");
}

/** A block over the loops that a memory's tile adds to that of the memory below; where it adds none, a line with the names. */
function memoriesOf(
  hierarchy: OperandHierarchy,
  { loops, covers }: Mapping,
  operand: Operand,
  left: number,
  top: number,
): readonly string[] {
  const lines = new Map<number, string[]>();
  const blocks = pathOf(hierarchy, operand).flatMap(({ name }, level) => {
    const below = level === 0 ? 0 : (covers[operand][level - 1] ?? 0);
    const end = covers[operand][level] ?? loops.length;
    const y = top + (loops.length - end) * row;
    const height = (end - below) * row;
    if (height === 0) {
      lines.set(y, [...(lines.get(y) ?? []), name]);
      return [];
    }
    const fill = colours[operand][Math.min(level, 3)] ?? "#dddddd";
    return [
      `<rect x="${left}" y="${y + 1}" width="${column.operand}" height="${height - 2}" rx="4" fill="${fill}" stroke="#444444"/>`,
      label(left + 8, y + height / 2 + 4, name, "start"),
    ];
  });
  const named = [...lines].flatMap(([y, names]) => [
    `<line x1="${left}" x2="${left + column.operand}" y1="${y}" y2="${y}" stroke="#444444" stroke-width="2"/>`,
    label(left + column.operand - 4, y - 5, names.join(", "), "end"),
  ]);
  return [...blocks, ...named];
}

const arrayBlock = (y: number, count: number, width: number): string =>
  `<rect x="8" y="${y + 1}" width="${width - 16}" height="${count * row - 2}" rx="4" fill="#f1f1f1" stroke="#444444"/>`;

const label = (
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end",
  bold = false,
): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#1a1a1a"${bold ? ' font-weight="bold"' : ""}>${escaped(text)}</text>`;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
