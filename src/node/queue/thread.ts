/** A thread of a queue's worker: works out shards of the sweep that it was started for. */
import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { evaluator } from "../../explore/evaluate.ts";
import { workOut } from "../sweep/shard.ts";
import { queuedResult } from "./job.ts";
import { parcelSchema, unpack } from "./parcel.ts";

const { space, lacking } = unpack(parcelSchema.parse(workerData));
const designs = evaluator(space);

parentPort?.on("message", (message: unknown) => {
  const result = queuedResult(workOut(z.number().parse(message), space, designs));
  const text = lacking();
  if (text !== undefined) throw new Error(`the queue lacks ${text}`);
  parentPort?.postMessage(result);
});
