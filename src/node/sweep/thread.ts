/** A worker thread of a sweep: reads the same configs, works out the shards that it is sent. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { evaluator } from "../../explore/evaluate.ts";
import { openSpace } from "./request.ts";
import { workOut } from "./shard.ts";

const request = z
  .object({ experiment: z.string(), set: z.array(z.string()), hash: z.string() })
  .parse(workerData);

const opened = openSpace(request);
if (typeof opened === "string" || !opened.ok || opened.value.hash !== request.hash)
  throw new Error("the configs have changed since the sweep began");
const { space } = opened.value;
const designs = evaluator(space);

parentPort?.on("message", (message: unknown) => {
  const result = workOut(z.number().parse(message), space, designs);
  parentPort?.postMessage(result, [result.bytes.buffer]);
});
parentPort?.postMessage("ready");
