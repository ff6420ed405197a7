/** A config as YAML again, each number with its source, and its file where that is another one. */
import { stringify } from "yaml";
import { noPaint, type Paint, wrapped } from "../report/columns.ts";
import { entryAt, plainValue, type Tree } from "../schema/tree.ts";

/** @param file the document's own: what comes from there does not say so */
export function documentLines(
  tree: Tree,
  file: string,
  width: number,
  paint: Paint = noPaint,
): readonly string[] {
  return [paint("dim", `# ${file}`), ...linesOf(tree, "", { file, width, paint })];
}

interface Page {
  readonly file: string;
  readonly width: number;
  readonly paint: Paint;
}

function linesOf(tree: Tree, indent: string, page: Page): readonly string[] {
  if (tree.kind === "scalar")
    return inLines(scalarText(tree), page.width - indent.length).map((line) => indent + line);
  if (tree.kind === "list")
    return tree.items.flatMap((item) => {
      const [first = "", ...rest] = linesOf(item, `${indent}  `, page);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  return [...tree.entries].flatMap(([key, { value }]) => entryLines(key, value, indent, page));
}

function entryLines(key: string, value: Tree, indent: string, page: Page): readonly string[] {
  const name = page.paint("cyan", scalarText({ kind: "scalar", value: key, at: value.at }));
  // A mapping with a key of that name alone, such as the matrices of an attention, is no number with its origin.
  const plain = entryAt(value, ["sure"]) === undefined ? undefined : entryAt(value, ["value"])?.value;
  const stands = plain ?? value;
  const comment = [...originOf(value), ...placeOf(stands, page)].join("; ");
  const nested = stands.kind !== "scalar" && sizeOf(stands) > 0;
  const [first = "", ...more] = nested ? [] : folded(flowText(stands), indent, key, page.width);
  const head = [`${indent}${name}:${first === "" ? "" : ` ${first}`}`, ...more];
  const length = (more.at(-1) ?? `${indent}${key}: ${first}`).length;
  const body = nested ? linesOf(stands, `${indent}  `, page) : [];
  if (comment === "") return [...head, ...body];
  const { paint, width } = page;
  if (length + 4 + comment.length <= width)
    return [...head.slice(0, -1), `${head.at(-1)}  ${paint("dim", `# ${comment}`)}`, ...body];
  const below = `${indent}  `;
  const lines = wrapped(comment, Math.max(20, width - below.length - 2));
  return [...head, ...lines.map((line) => `${below}${paint("dim", `# ${line}`)}`), ...body];
}

/** A text in lines: YAML reads the line breaks of plain and of quoted texts as blanks. */
function folded(text: string, indent: string, key: string, width: number): readonly string[] {
  const [first = "", ...rest] = inLines(text, width - indent.length - key.length - 2);
  const others = inLines(rest.join(" "), width - indent.length - 4);
  return [first, ...others.map((line) => `${indent}    ${line}`)];
}

/** No word is broken: YAML would read two. */
const inLines = (text: string, room: number): readonly string[] =>
  wrapped(text, Math.max(20, room, ...text.split(" ").map(({ length }) => length)));

/** "read: AMD DS963", when the value says where it comes from. */
function originOf(value: Tree): readonly string[] {
  const text = (key: string): string | undefined => {
    const entry = entryAt(value, [key])?.value;
    return entry === undefined ? undefined : flat(plainValue(entry));
  };
  const sure = text("sure");
  if (sure === undefined || entryAt(value, ["value"]) === undefined) return [];
  const fittedOn = text("fittedOn");
  return [`${sure}: ${text("source") ?? ""}`, ...(fittedOn === undefined ? [] : [`fitted on ${fittedOn}`])];
}

/** Another file, or the override, that the value comes from. */
function placeOf(stands: Tree, { file }: Page): readonly string[] {
  const { at } = stands;
  if (stands.kind !== "scalar" || (at.file === file && at.text === undefined)) return [];
  return [at.text === undefined ? `from ${at.file}:${at.line}` : `from ${at.file} ${at.text}`];
}

const sizeOf = (tree: Tree): number =>
  tree.kind === "list" ? tree.items.length : tree.kind === "mapping" ? tree.entries.size : 0;

const flat = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(", ") : String(value).replace(/\s+/g, " ").trim();

const flowText = (tree: Tree): string =>
  tree.kind === "scalar" ? scalarText(tree) : stringify(plainValue(tree), { collectionStyle: "flow" }).trim();

const scalarText = (tree: Tree): string => stringify(plainValue(tree), { lineWidth: 0 }).trim();
