/** A search on this machine: its questions are answered by threads and kept in its folder, and at the end the results put together. */
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Method } from "../../config/search-method.ts";
import type { DesignSpace } from "../../config/space.ts";
import { type Batch, convergenceOf } from "../../explore/convergence.ts";
import type { Row } from "../../explore/row.ts";
import { type Ask, pointsOf, refine, search } from "../../explore/search.ts";
import { costsOf } from "../../explore/table.ts";
import { fullSpeed } from "../startup.ts";
import { collect, jsonlPath } from "../sweep/collect.ts";
import { beginFolder, type Manifest, manifestOf, readManifest, strayShards } from "../sweep/folder.ts";
import { interrupted } from "../sweep/interrupted.ts";
import type { Progress } from "../sweep/progress.ts";
import type { OpenedSpace, SweepRequest } from "../sweep/request.ts";
import { rowsIn } from "../sweep/rows.ts";
import type { ShardCount } from "../sweep/shard.ts";
import { type Summary, summarize } from "../sweep/summary.ts";
import { writeWhole } from "../write.ts";
import { isDamaged, readAnswer, writeAnswer } from "./checkpoint.ts";
import { crew } from "./crew.ts";

export interface SearchRun {
  readonly request: SweepRequest;
  readonly folder: string;
  readonly resume: boolean;
  readonly workers?: number;
  /** These three go over what the experiment says. */
  readonly method?: Method;
  readonly seed?: number;
  readonly points?: number;
  readonly progressOver: (designs: number) => Progress;
}

export type SearchEnd =
  | {
      readonly kind: "whole";
      readonly summary: Summary;
      readonly manifest: Manifest;
      readonly rows: readonly Row[];
    }
  | { readonly kind: "stopped"; readonly designs: number }
  /** The folder is another search's, or damaged. */
  | { readonly kind: "refused"; readonly reason: string };

/** @throws Error where something cannot be read or written, or where a thread ends */
export function runSearch(opened: OpenedSpace, options: SearchRun): Promise<SearchEnd> {
  const { space } = opened;
  const how = howOf(space, options);
  return runLevel(opened, options, how, (ask) => search(space, { ...how, ask }));
}

/** What a search found again on the finer model, in a folder within its own. @throws Error as `runSearch` */
export function runRefinement(
  opened: OpenedSpace,
  options: SearchRun,
  rows: readonly Row[],
): Promise<SearchEnd> {
  const { space } = opened;
  const { seed, weights } = howOf(space, options);
  const points = space.search.refine?.points ?? rows.length;
  const within = {
    ...options,
    request: { ...options.request, fine: true },
    folder: join(options.folder, "refined"),
    resume: true,
  };
  return runLevel(opened, within, { method: "refine", seed, points, weights }, (ask) =>
    refine(space, rows, { points, ask }),
  );
}

type How = NonNullable<Manifest["search"]> & { readonly seed: number };

async function runLevel(
  { space, hash }: OpenedSpace,
  options: SearchRun,
  { seed, ...settings }: How,
  searching: (ask: Ask) => AsyncIterable<Row>,
): Promise<SearchEnd> {
  const { folder, request } = options;
  const manifest: Manifest = { ...manifestOf(space, hash, request.set), shards: 0, seed, search: settings };
  const refusal = refusalOf(manifest, options);
  if (refusal !== undefined) return { kind: "refused", reason: refusal };
  fullSpeed();
  const threads = crew({ request, hash, workers: options.workers ?? availableParallelism() });
  const progress = options.progressOver(settings.points);
  const rows: Row[] = [];
  const batches: Batch[] = [];
  const ask: Ask = async (question) => {
    const known = readAnswer(folder, batches.length, question, space);
    const answer = known ?? (await threads.ask(question));
    if (known === undefined) writeAnswer(folder, batches.length, answer);
    const costs = answer.map((row) => costsOf(row, space));
    batches.push(costs);
    progress.add(countOf(answer, costs, space));
    return answer;
  };
  const looking = async (): Promise<void> => {
    for await (const row of searching(ask)) rows.push(row);
  };
  const stopped = await interrupted({ done: looking(), stop: threads.stop }).catch((error: unknown) => {
    if (isDamaged(error)) return error;
    throw error;
  });
  progress.end();
  if (stopped instanceof Error) return { kind: "refused", reason: stopped.message };
  if (stopped || (await interrupted(collect(folder, { ...manifest, shards: batches.length }))))
    return { kind: "stopped", designs: batches.flat().length };
  const convergence = convergenceOf(batches, space.objectives);
  writeWhole({ [join(folder, "convergence.json")]: `${JSON.stringify(convergence, null, 1)}\n` });
  return { kind: "whole", manifest, rows, summary: await summarize(rowsIn(jsonlPath(folder)), manifest) };
}

/** What the experiment says, and the command over it. */
function howOf(space: DesignSpace, options: Pick<SearchRun, "method" | "seed" | "points">) {
  const { search: said, objectives } = space;
  const { method: own = "nsga2" } = said;
  const method = options.method ?? own;
  // So many points as suit one method do not suit another.
  const points = method === own ? said.points : undefined;
  return {
    method,
    seed: options.seed ?? said.seed ?? 1,
    points: options.points ?? points ?? pointsOf(space, method),
    weights: objectives.map((_, place) => said.weights?.[place] ?? 1),
  };
}

/** Makes the folder, or says why the search cannot go on in it. */
function refusalOf(manifest: Manifest, { folder, resume }: SearchRun): string | undefined {
  const begun = beginFolder(folder, manifest);
  if (begun === "stray") return strayShards(folder);
  if (begun === "new") return undefined;
  let known: Manifest;
  try {
    known = readManifest(folder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (markOf(known) !== markOf(manifest))
    return `${folder} holds results of other configs, of another search or of another version (${known.tool}): choose another folder`;
  return resume ? undefined : `${folder} holds this search already: --resume goes on with it`;
}

/** By which two searches are known to be the same. */
const markOf = ({ configHash, seed, search }: Manifest): string =>
  JSON.stringify([configHash, seed, search?.method, search?.points, search?.weights]);

function countOf(rows: readonly Row[], costs: Batch, { objectives }: DesignSpace): ShardCount {
  const of = (status: Row["status"]): number => rows.filter((row) => row.status === status).length;
  const feasible = costs.filter((each) => each !== undefined);
  const best = objectives.map((_, place) =>
    feasible.reduce<number | undefined>(
      (least, each) => Math.min(least ?? Number.POSITIVE_INFINITY, each[place] ?? Number.POSITIVE_INFINITY),
      undefined,
    ),
  );
  return { done: of("done") + of("skipped"), unfit: of("unfit"), failed: of("failed"), best };
}
