/** What a sweep is of, as one process tells another; and the mark by which two of them know that they read the same configs. */
import { createHash } from "node:crypto";
import type { Library } from "../../config/library.ts";
import type { Planned } from "../../config/plan.ts";
import { type DesignSpace, designSpace } from "../../config/space.ts";
import { version } from "../../version.ts";
import { notFound } from "../family.ts";
import { fileLibrary } from "../library.ts";
import { shardSize } from "./shard.ts";

/** Plain data. */
export interface SweepRequest {
  /** Name or file of the experiment. */
  readonly experiment: string;
  readonly set: readonly string[];
  /** On the finer model of the experiment's search. */
  readonly fine?: boolean;
}

export interface OpenedSpace {
  readonly space: DesignSpace;
  /** Of the version, the settings, every file that was read, and how the space is cut. */
  readonly hash: string;
}

export function openSpace(
  { experiment, set, fine = false }: SweepRequest,
  from: Library = fileLibrary(),
): Planned<OpenedSpace> | string {
  const texts = new Set<string>();
  const library = recording(from, texts);
  const source = library.find("experiments", experiment);
  if (source === undefined) return notFound(experiment, ["experiments"], library);
  const space = designSpace(source, library, set, { fine });
  if (!space.ok) return space;
  const content = JSON.stringify([
    version,
    set,
    [...texts].sort(),
    shardSize(space.value),
    ...(fine ? ["fine"] : []),
  ]);
  return {
    ok: true,
    value: { space: space.value, hash: createHash("sha256").update(content).digest("hex") },
  };
}

/** Notes every text that is read. */
function recording(library: Library, texts: Set<string>): Library {
  return {
    ...library,
    load(path) {
      const text = library.load(path);
      if (text !== undefined) texts.add(text);
      return text;
    },
    find(family, name, from) {
      const source = library.find(family, name, from);
      if (source !== undefined) texts.add(source.text);
      return source;
    },
  };
}
