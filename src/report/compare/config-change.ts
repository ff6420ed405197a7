/** What differs between the configs of two runs, value by value. */
import type { Report } from "../report.ts";

export interface ConfigChange {
  readonly path: string;
  /** "not there" where one of the two lacks it. */
  readonly before: string;
  readonly after: string;
}

export function configChanges(a: Report, b: Report): readonly ConfigChange[] {
  const [before, after] = [valuesOf(a), valuesOf(b)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [from = absent, to = absent] = [before.get(path), after.get(path)];
    return from === to ? [] : [{ path, before: from, after: to }];
  });
}

const absent = "not there";

/** Leaves by path; where a number comes from is not what it is. */
function valuesOf({
  provenance: { hardware, workload, dataflow, energyTable },
}: Report): ReadonlyMap<string, string> {
  const values = new Map<string, string>([["energyTable", energyTable]]);
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) values.set(path, String(value));
    else if ("value" in value && "source" in value) visit(value.value, path);
    else
      for (const [key, inner] of Object.entries(value))
        if (!["source", "sure", "fittedOn"].includes(key)) visit(inner, path === "" ? key : `${path}.${key}`);
  };
  visit({ hardware: hardware.resolved, workload: workload.resolved, dataflow: dataflow.options }, "");
  return values;
}
