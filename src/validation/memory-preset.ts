/** The shipped memory presets, for the suites that replay requests on them. */
import { type MemoryPreset, memoryPreset } from "../arch/dram/preset.ts";
import type { Library } from "../config/library.ts";
import { formatProblems } from "../schema/problem.ts";
import { readConfig } from "../schema/read-config.ts";

/** @throws Error when there is none of that name, or it has mistakes */
export function presetNamed(library: Library, name: string): MemoryPreset {
  const source = library.find("memory", name);
  if (source === undefined)
    throw new Error(`no memory preset ${name}; there are ${library.names("memory").join(", ")}`);
  const preset = readConfig(memoryPreset, source.text, source.file, { load: library.load });
  if (!preset.ok) throw new Error(formatProblems(preset.problems));
  return preset.value;
}

/** Presets by the name that the tables of Ramulator 2.1 and DRAMsim3 give them. */
export const referencePresets = (library: Library): ReadonlyMap<string, MemoryPreset> =>
  new Map(
    library
      .names("memory")
      .map((name) => presetNamed(library, name))
      .flatMap((preset) => (preset.reference === undefined ? [] : [[preset.reference, preset] as const])),
  );
