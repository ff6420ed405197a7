/** A worker thread of a sweep: reads the same configs, works out the shards that it is sent, or the designs of a search. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { evaluator } from "../../explore/evaluate.ts";
import { answered } from "../../explore/search.ts";
import { openSpace } from "./request.ts";
import { workOut } from "./shard.ts";

const request = z
  .object({
    experiment: z.string(),
    set: z.array(z.string()),
    fine: z.boolean().default(false),
    hash: z.string(),
  })
  .parse(workerData);

const opened = openSpace(request);
if (typeof opened === "string" || !opened.ok || opened.value.hash !== request.hash)
  throw new Error("the configs have changed since the sweep began");
const { space } = opened.value;
const designs = evaluator(space);

const question = z.object({
  designs: z.array(z.number()),
  rivals: z.array(z.object({ index: z.number(), costs: z.array(z.number()) })).optional(),
});

parentPort?.on("message", (message: unknown) => {
  if (typeof message === "object") {
    const { designs: asked, rivals } = question.parse(message);
    parentPort?.postMessage(
      answered({ designs: asked, ...(rivals === undefined ? {} : { rivals }) }, designs),
    );
    return;
  }
  const result = workOut(z.number().parse(message), space, designs);
  parentPort?.postMessage(result, [result.bytes.buffer]);
});
parentPort?.postMessage("ready");
