import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { type MemoryPreset, memoryPreset } from "../../../src/arch/dram/preset.ts";
import type { ReferenceRow } from "../../../src/arch/dram/suite.ts";

const here = new URL(".", import.meta.url);
const configs = new URL("../../../configs/memory/", import.meta.url);

/** Rows of a table beside this file; cells may be quoted. */
export function rowsOf(file: string): readonly ReferenceRow[] {
  const [header = [], ...rows] = readFileSync(new URL(file, here), "utf8").trim().split("\n").map(cells);
  return rows.map((row) => Object.fromEntries(header.map((name, index) => [name, row[index] ?? ""])));
}

const cells = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );

export const presetFiles = (): readonly string[] =>
  readdirSync(configs)
    .filter((file) => file.endsWith(".yaml"))
    .toSorted();

export const presetNamed = (file: string): MemoryPreset =>
  memoryPreset.parse(
    parse(readFileSync(new URL(file.endsWith(".yaml") ? file : `${file}.yaml`, configs), "utf8")),
  );

/** Presets by the name that the reference tables use. */
export const referencePresets = (): ReadonlyMap<string, MemoryPreset> =>
  new Map(
    presetFiles()
      .map(presetNamed)
      .flatMap((preset) => (preset.reference === undefined ? [] : [[preset.reference, preset] as const])),
  );
