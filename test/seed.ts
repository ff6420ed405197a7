/** Laws draw the same cases in every run, so that what passed passes again; `SEED=7 npm test` draws others. */
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env["SEED"] ?? 1) });
