/** Collects where the numbers of a document come from, for `papillon show` and the report. */
import type { Sure } from "./sourced.ts";
import { sure } from "./sourced.ts";
import { entryAt, plainValue, type Tree } from "./tree.ts";

export interface Provenance {
  /** Of the number, `units.hbm.efficiency`, or of the mapping whose numbers share the origin. */
  readonly path: string;
  /** As written; absent for a mapping. */
  readonly value?: unknown;
  readonly source: string;
  readonly sure: Sure;
  readonly fittedOn?: readonly string[];
}

/** In document order. */
export function provenance(tree: Tree, path = ""): readonly Provenance[] {
  if (tree.kind === "scalar") return [];
  const below = (step: string | number): string => (path === "" ? String(step) : `${path}.${step}`);
  if (tree.kind === "list") return tree.items.flatMap((item, index) => provenance(item, below(index)));
  const own = originOf(tree, path);
  return [...own, ...[...tree.entries].flatMap(([key, { value }]) => provenance(value, below(key)))];
}

function originOf(tree: Tree, path: string): readonly Provenance[] {
  const at = (key: string): unknown => {
    const value = entryAt(tree, [key])?.value;
    return value && plainValue(value);
  };
  const source = at("source");
  const level = sure.safeParse(at("sure"));
  if (typeof source !== "string" || !level.success) return [];
  const value = at("value");
  const rows = at("fittedOn");
  return [
    {
      path,
      ...(value === undefined ? {} : { value }),
      source,
      sure: level.data,
      ...(Array.isArray(rows) ? { fittedOn: rows.map(String) } : {}),
    },
  ];
}
