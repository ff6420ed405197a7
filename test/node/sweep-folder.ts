/** A folder as a sweep leaves it, by hand: 36 designs, some unfit, some over a limit. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const parameters = ["hardware.units.matrix.width", "hardware.units.matrix.lanes", "hardware.clock"];

/** @param shards of three: fewer are a sweep that goes on */
export function writeSweep(folder: string, shards = 3): void {
  const rows = [8, 16, 32, 64].flatMap((width) =>
    [1, 2, 4].flatMap((lanes) => ["100 MHz", "200 MHz", "300 MHz"].map((clock) => ({ width, lanes, clock }))),
  );
  const lines = rows.map(({ width, lanes, clock }, index) => {
    const values = [width, lanes, clock];
    const given = Object.fromEntries(parameters.map((path, at) => [path, values[at]]));
    const seconds = 1e3 / (width * lanes + 20) / Number.parseInt(clock, 10);
    const ran = { latencySeconds: seconds, energyJoules: 0.5 * Math.sqrt(width * lanes) + seconds };
    return width * lanes > 128
      ? { index, status: "unfit", feasible: false, reason: `dsp: ${width * lanes} of 128`, ...given }
      : { index, status: "done", feasible: index % 7 !== 3, ...given, ...ran };
  });
  mkdirSync(join(folder, "shards"), { recursive: true });
  for (let shard = 0; shard < shards; shard++) {
    const text = lines.slice(shard * 12, (shard + 1) * 12).map((line) => `${JSON.stringify(line)}\n`);
    writeFileSync(join(folder, "shards", `${String(shard).padStart(6, "0")}.jsonl`), text.join(""));
  }
  writeFileSync(join(folder, "sweep.json"), JSON.stringify(manifest));
}

const manifest = {
  schemaVersion: 1,
  tool: "papillon-sim",
  experiment: "by-hand",
  title: "A space <by> hand",
  source: "a pencil",
  set: [],
  configHash: "",
  seed: null,
  size: 36,
  shards: 3,
  shardSize: 12,
  parameters,
  objectives: [
    { expression: "latencySeconds", better: "less" },
    { expression: "energyJoules", better: "less" },
  ],
  limits: ["averagePowerWatts <= 75"],
  columns: [
    { name: "index", type: "number" },
    { name: "status", type: "text" },
    { name: "feasible", type: "boolean" },
    { name: "reason", type: "text" },
    { name: parameters[0], type: "number" },
    { name: parameters[1], type: "number" },
    { name: parameters[2], type: "text" },
    { name: "latencySeconds", type: "number" },
    { name: "energyJoules", type: "number" },
  ],
};
