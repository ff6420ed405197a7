/**
 * What another machine needs to work out shards of a sweep: the texts of its configs, and the marks of the build and of the configs
 * by which both know that they mean the same.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Family, Library } from "../../config/library.ts";
import { version } from "../../version.ts";
import { fileLibrary, shippedPath } from "../library.ts";
import { type OpenedSpace, openSpace, type SweepRequest } from "../sweep/request.ts";

/** Every text that was asked for, null where there is none. */
const lookups = z.object({
  found: z.record(z.string(), z.object({ file: z.string(), text: z.string() }).nullable()),
  loaded: z.record(z.string(), z.string().nullable()),
  names: z.record(z.string(), z.array(z.string())),
});
type Lookups = z.output<typeof lookups>;

export const parcelSchema = z.object({
  tool: z.string(),
  /** Of the code that works shards out. */
  build: z.string(),
  hash: z.string(),
  request: z.object({ experiment: z.string(), set: z.array(z.string()) }),
  lookups,
});

/** Plain data. */
export type Parcel = z.output<typeof parcelSchema>;

export const tool = `papillon-sim ${version}`;

/** The file of a worker's thread; it names the chunks that it loads by a hash of their content. */
export const threadFile = (): string => shippedPath("dist/queue-thread.js");

/** Of the code that works shards out: two builds of one version differ too. */
export const buildMark = (): string =>
  createHash("sha256").update(readFileSync(threadFile())).digest("hex").slice(0, 16);

/**
 * Reads an experiment here and notes what was read.
 * @returns what `openSpace` does, and what to send
 * @throws Error where the configs need a file of bytes, which no parcel holds
 */
export function pack(request: SweepRequest): {
  readonly opened: ReturnType<typeof openSpace>;
  readonly parcel: (opened: OpenedSpace) => Parcel;
} {
  const { library, noted } = noting(fileLibrary());
  const opened = openSpace(request, library);
  return {
    opened,
    parcel: ({ space, hash }) => {
      // Names of further configs may be among the values of any parameter.
      for (const { paths, choices } of space.dimensions)
        for (const choice of choices.filter((values) => values.some((value) => typeof value === "string")))
          space.plan(Object.fromEntries(paths.map((path, at) => [path, choice[at] ?? ""])));
      return {
        tool,
        build: buildMark(),
        hash,
        request: { experiment: request.experiment, set: [...request.set] },
        lookups: noted,
      };
    },
  };
}

/**
 * The space that a parcel describes, and a text that was asked for and is not in the parcel: what was worked out without it does not count.
 * @throws Error where the configs do not make the space that they made where they were packed
 */
export function unpack({ request, hash, lookups: { found, loaded, names } }: Parcel): {
  readonly space: OpenedSpace["space"];
  readonly lacking: () => string | undefined;
} {
  let lacking: string | undefined;
  const lacks = (name: string): undefined => {
    lacking ??= name;
    return undefined;
  };
  const library: Library = {
    find(family, name, from = "") {
      const source = found[keyOf(family, name, from)];
      return source === undefined ? lacks(name) : (source ?? undefined);
    },
    load(path) {
      const text = loaded[path];
      return text === undefined ? lacks(path) : (text ?? undefined);
    },
    names: (family) => names[family] ?? [],
  };
  const opened = openSpace(request, library);
  if (lacking !== undefined) throw new Error(`the queue lacks ${lacking}`);
  if (typeof opened === "string" || !opened.ok || opened.value.hash !== hash)
    throw new Error(`the configs in the queue are not those of the sweep ${request.experiment}`);
  return { space: opened.value.space, lacking: () => lacking };
}

/** Notes every text that is asked for. */
function noting(library: Library): { readonly library: Library; readonly noted: Lookups } {
  const noted: Lookups = { found: {}, loaded: {}, names: {} };
  return {
    noted,
    library: {
      find(family, name, from = "") {
        const source = library.find(family, name, from);
        noted.found[keyOf(family, name, from)] = source ?? null;
        return source;
      },
      load(path) {
        const text = library.load(path);
        noted.loaded[path] = text ?? null;
        return text;
      },
      names(family) {
        const names = library.names(family);
        noted.names[family] = [...names];
        return names;
      },
      bytes(path) {
        throw new Error(`${path} does not go through a queue: sweep it with --shard`);
      },
    },
  };
}

const keyOf = (family: Family, name: string, from: string): string => JSON.stringify([family, name, from]);
