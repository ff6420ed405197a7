/**
 * Reads SCALE-Sim's `.cfg`: an INI file with case-insensitive keys, `key : value` or `key = value`. Unknown keys and sections
 * are passed over; what only version 3 asks for has a default, so that files of version 2 load too.
 */
import type { Problem } from "../schema/problem.ts";
import {
  type Cell,
  linesOf,
  problemAt,
  quoted,
  type Reading,
  type TextFile,
  wholeNumber,
} from "./reading.ts";

export type Stationary = "os" | "ws" | "is";

export interface ScaleSimConfig {
  readonly runName: string;
  readonly arrayRows: number;
  readonly arrayColumns: number;
  /** Words of each SRAM; a word is a byte. */
  readonly ifmapWords: number;
  readonly filterWords: number;
  readonly ofmapWords: number;
  readonly dataflow: Stationary;
  /** "estimate" is CALC: never a stall. "fixed" is USER: each operand at its bandwidth. */
  readonly bandwidthMode: "estimate" | "fixed";
  /** `Bandwidth`, words a cycle for each operand; the first of a list. */
  readonly bandwidth: number;
  readonly layout: { readonly ifmap: BankLayout; readonly filter: BankLayout };
  readonly sparsity: SparsityConfig;
  readonly ramulator: boolean;
}

export interface BankLayout {
  readonly custom: boolean;
  /** Words a cycle; version 3 takes it for the operand's memory bandwidth too. Absent: `Bandwidth`. */
  readonly bandwidth?: number;
}

export interface SparsityConfig {
  readonly supported: boolean;
  readonly representation: "csr" | "csc" | "ellpack_block";
  /** Random row-wise N:M instead of the topology's layer-wise. */
  readonly rowWise: boolean;
  readonly blockSize: number;
}

export function readConfig({ file, text }: TextFile): Reading<ScaleSimConfig> {
  const problems: Problem[] = [];
  const sections = readSections(file, text, problems);
  const ask = asker(file, sections, problems);
  const array = "architecture_presets";
  const mode = ask.choice("run_presets", "InterfaceBandwidth", ["USER", "CALC"]);
  const sparse = ask.boolean("sparsity", "SparsitySupport");
  const words = (key: string): number => ask.count(array, key, 1) * 1024;
  const value: ScaleSimConfig = {
    runName: ask.fileName("general", "run_name"),
    arrayRows: ask.count(array, "ArrayHeight", 1),
    arrayColumns: ask.count(array, "ArrayWidth", 1),
    ifmapWords: words("IfmapSramSzkB"),
    filterWords: words("FilterSramSzkB"),
    ofmapWords: words("OfmapSramSzkB"),
    dataflow: ask.choice(array, "Dataflow", ["os", "ws", "is"]),
    bandwidthMode: mode === "USER" ? "fixed" : "estimate",
    bandwidth: mode === "USER" ? ask.first(array, "Bandwidth") : 1,
    layout: { ifmap: ask.bank("Ifmap"), filter: ask.bank("Filter") },
    sparsity: {
      supported: sparse,
      representation: sparse
        ? ask.choice("sparsity", "SparseRep", ["csr", "csc", "ellpack_block"])
        : "ellpack_block",
      rowWise: sparse && ask.boolean("sparsity", "OptimizedMapping"),
      blockSize: sparse ? (ask.optional("sparsity", "BlockSize", 1) ?? 1) : 1,
    },
    ramulator: ask.boolean("run_presets", "UseRamulatorTrace"),
  };
  return problems.length === 0 ? { ok: true, value, notes: [] } : { ok: false, problems };
}

interface Section {
  readonly line: number;
  readonly values: Map<string, Cell>;
}

function readSections(file: string, text: string, problems: Problem[]): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | undefined;
  for (const [index, raw] of linesOf(text).entries()) {
    const place = { line: index + 1, column: 1 };
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const heading = /^\[([^\]]*)\]$/.exec(line);
    if (heading !== null) {
      const name = (heading[1] ?? "").trim();
      if (sections.has(name)) problems.push(problemAt(file, place, "each section once", `[${name}] again`));
      section = { line: place.line, values: new Map() };
      sections.set(name, section);
      continue;
    }
    const entry = /^([^:=]*)[:=](.*)$/.exec(line);
    if (entry === null || section === undefined) {
      const expected = section === undefined ? "a section such as [general] first" : "key : value";
      problems.push(problemAt(file, place, expected, quoted(line)));
      continue;
    }
    const key = (entry[1] ?? "").trim().toLowerCase();
    const column = raw.search(/[:=]/) + 2;
    if (section.values.has(key)) problems.push(problemAt(file, place, "each key once", `${key} again`));
    section.values.set(key, { text: (entry[2] ?? "").trim(), line: place.line, column });
  }
  return sections;
}

/** Takes values out of the sections; each wrong one is a problem, and any value stands in for it. */
function asker(file: string, sections: ReadonlyMap<string, Section>, problems: Problem[]) {
  const find = (section: string, key: string): Cell | undefined =>
    sections.get(section)?.values.get(key.toLowerCase());
  const wrong = (at: Cell, section: string, key: string, expected: string): void => {
    problems.push(problemAt(file, at, expected, quoted(at.text), `${section}.${key}`));
  };
  const need = (section: string, key: string): Cell | undefined => {
    const cell = find(section, key);
    const line = sections.get(section)?.line ?? 1;
    if (cell === undefined)
      problems.push(problemAt(file, { line, column: 1 }, `a key ${key} in [${section}]`, "none"));
    return cell;
  };
  const number = (cell: Cell, text: string, section: string, key: string, least: number): number => {
    const value = wholeNumber(text, least);
    // No array has more rows, no SRAM more kB, no port more words.
    const most = 2 ** 20;
    if (value === undefined || value > most)
      wrong(
        cell,
        section,
        key,
        `a whole number of at least ${least}${value === undefined ? "" : ` and at most ${most}`}`,
      );
    return value ?? least;
  };
  const optional = (section: string, key: string, least: number): number | undefined => {
    const cell = find(section, key);
    return cell === undefined ? undefined : number(cell, cell.text, section, key, least);
  };
  const boolean = (section: string, key: string): boolean => {
    const cell = find(section, key);
    if (cell === undefined) return false;
    const known = /^(?:true|yes|on|1|(false|no|off|0))$/i.exec(cell.text);
    if (known === null) wrong(cell, section, key, "True or False");
    return known !== null && known[1] === undefined;
  };
  return {
    optional,
    boolean,
    count(section: string, key: string, least: number): number {
      const cell = need(section, key);
      return cell === undefined ? least : number(cell, cell.text, section, key, least);
    },
    /** The first of a comma-separated list. */
    first(section: string, key: string): number {
      const cell = need(section, key);
      const [text = ""] = cell?.text.split(",") ?? [];
      return cell === undefined ? 1 : number(cell, text.trim(), section, key, 1);
    },
    choice<const T extends string>(section: string, key: string, choices: readonly [T, ...T[]]): T {
      const cell = need(section, key);
      const chosen = choices.find((choice) => choice === cell?.text);
      if (cell !== undefined && chosen === undefined)
        wrong(cell, section, key, `one of ${choices.join(", ")}`);
      return chosen ?? choices[0];
    },
    /** Part of the path of the reports. */
    fileName(section: string, key: string): string {
      const cell = need(section, key);
      const text = cell?.text.replace(/^(['"])(.*)\1$/, "$2") ?? "";
      if (cell !== undefined && !/^[\w .+-]{1,200}$/.test(text))
        wrong(cell, section, key, "a name for a folder");
      if (cell !== undefined && /^\.*$/.test(text) && text !== "")
        wrong(cell, section, key, "a name for a folder");
      return text;
    },
    bank(operand: "Ifmap" | "Filter"): BankLayout {
      const bandwidth = optional("layout", `${operand}SRAMBankBandwidth`, 1);
      const custom = boolean("layout", `${operand}CustomLayout`);
      return bandwidth === undefined ? { custom } : { custom, bandwidth };
    },
  };
}
