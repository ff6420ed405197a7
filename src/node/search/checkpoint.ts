/**
 * What a search was told, question by question: a file of rows for each, whole or not at all. A search that goes on asks the same
 * questions again and is answered from here as far as it came, so that it ends with what an undisturbed one ends with.
 */
import { existsSync, readFileSync } from "node:fs";
import type { DesignSpace } from "../../config/space.ts";
import type { Row } from "../../explore/row.ts";
import type { Question } from "../../explore/strategy.ts";
import { type FlatRow, lineOf } from "../../explore/table.ts";
import { shardPath, writeShard } from "../sweep/folder.ts";
import { isFlatRow } from "../sweep/rows.ts";

/** A checkpoint that cannot be what it is said to be. */
class Damaged extends Error {}

export const isDamaged = (error: unknown): error is Error => error instanceof Damaged;

export const writeAnswer = (folder: string, question: number, rows: readonly Row[]): void =>
  writeShard(folder, question, new TextEncoder().encode(rows.map(lineOf).join("")));

/**
 * The rows that were the answer; undefined where it is not there.
 * @throws Damaged when the file answers another question
 */
export function readAnswer(
  folder: string,
  number: number,
  { designs }: Question,
  space: DesignSpace,
): readonly Row[] | undefined {
  const path = shardPath(folder, number);
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, "utf8");
  const lines = text === "" ? [] : text.split("\n");
  const ended = text === "" || lines.pop() === "";
  const rows = lines.map((line) => rowOf(line, space));
  const asked = designs.filter((index) => space.whole || space.at(index) !== undefined);
  const known = rows.filter((row) => row !== undefined);
  const same = known.length === asked.length && known.every(({ index }, at) => index === asked[at]);
  if (!ended || known.length < rows.length || !same)
    throw new Damaged(`${path} is damaged: delete it, and --resume works it out again`);
  return known;
}

const statuses = ["done", "unfit", "failed", "skipped"] as const;

function rowOf(line: string, space: DesignSpace): Row | undefined {
  const flat = flatOf(line);
  const status = statuses.find((each) => each === flat?.["status"]);
  const index = flat?.["index"];
  if (flat === undefined || status === undefined || typeof index !== "number") return undefined;
  const parameters: Record<string, FlatRow[string]> = {};
  const results: Record<string, number> = {};
  for (const [name, value] of Object.entries(flat)) {
    if (space.parameters.includes(name)) parameters[name] = value;
    else if (typeof value === "number" && name !== "index") results[name] = value;
  }
  const reason = flat["reason"] === undefined ? "" : String(flat["reason"]);
  const feasible = flat["feasible"] === true;
  return { index, status, parameters, reason, feasible, ...(status === "done" ? { results } : {}) };
}

function flatOf(line: string): FlatRow | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isFlatRow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
