/** Explanations as `papillon explain --format json` prints them, read again for charts. */
import type { Explained } from "./chart/chart.ts";

export type ReadExplanation =
  | { readonly ok: true; readonly value: Explained }
  | { readonly ok: false; readonly problem: string };

/** @param name how the text is called in a problem, such as its file */
export function readExplanation(text: string, name: string): ReadExplanation {
  const value = parsed(text);
  if (!isExplained(value))
    return {
      ok: false,
      problem: `${name}: expected what papillon explain --format json prints, version 1, and found none`,
    };
  if ("layer" in value && value.layer !== null)
    return {
      ok: false,
      problem: `${name}: explains only ${JSON.stringify(value.layer)}; charts take the whole run, without --layer`,
    };
  return { ok: true, value };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** By the fields that every explanation has; what is in them is trusted, for a program of the same version wrote it. */
const isExplained = (value: unknown): value is Explained =>
  typeof value === "object" &&
  value !== null &&
  "schemaVersion" in value &&
  value.schemaVersion === 1 &&
  "name" in value &&
  "latencyTicks" in value &&
  "path" in value &&
  Array.isArray(value.path) &&
  "sensitivity" in value &&
  Array.isArray(value.sensitivity);
