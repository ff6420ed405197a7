/**
 * The engine's speed: `node --import tsx bench/engine.bench.ts`. Best of a few runs, so that the hot path can be watched; the
 * work counts (tasks executed, skipped) do not depend on the machine and are asserted by the tests.
 */
import { runFirstComeFirstServed } from "../src/engine/first-come.ts";
import { run } from "../src/engine/run.ts";
import { type Amount, type Dependency, type Item, type Program, repeat, type Task } from "../src/program.ts";
import { ticks } from "../src/quantity.ts";
import type { Stats } from "../src/stats.ts";

interface Row {
  readonly name: string;
  readonly program: Program;
  readonly fastForward: boolean;
}

const task = (
  id: string,
  unit: string,
  occupancy: Amount,
  after: readonly Dependency[],
  latency = 3,
): Task => ({ kind: "task", id, unit, op: "op", occupancy, latency: ticks(latency), after, counts: {} });

/** Ten tasks on three units in turn, each waiting for the one before it and for one of the iteration before. */
const ten = Array.from({ length: 10 }, (_, index) =>
  task(`t${index}`, ["load", "mac", "store"][index % 3] ?? "", 10 + index, [
    ...(index === 0 ? [] : [`t${index - 1}`]),
    { task: `t${9 - index}`, age: 1 },
  ]),
);

const tenTasks = (times: number, shared: boolean): Program => ({
  servers: [{ name: "hbm" }],
  units: ["load", "mac", "store"].map((name) => ({
    name,
    sequencer: "device",
    depth: 8,
    ...(shared ? { server: "hbm" } : {}),
  })),
  body: [repeat(times, ten)],
});

const devices = [0, 1, 2, 3];

/**
 * GPT-2 like: four devices, 80 tasks a layer on each. A layer is four blocks of eight double-buffered weight tiles (the second
 * block's first two are keys and values, which grow with the token), two vector tasks, and an exchange with all others.
 */
function gpt(tokens: number, layers: number): Program {
  const units = devices.flatMap((device) =>
    ["load", "store", "mac", "vector", "send", "receive"].map((name) => ({
      name: `${name}${device}`,
      sequencer: `device${device}`,
      depth: 8,
      ...(name === "load" || name === "store" ? { server: `hbm${device}` } : {}),
    })),
  );
  const cache = { loop: "token", base: 230_400, step: 1536, per: 2304 };
  const block = (device: number, index: number): Item[] => {
    const tiles = Array.from({ length: 8 }, (_, tile) => [
      task(
        `load${device}`,
        `load${device}`,
        index === 1 && tile < 2 ? cache : 160,
        [{ task: `mac${device}`, age: 1 }],
        40,
      ),
      task(`mac${device}`, `mac${device}`, 130, [`load${device}`, `receive${device}`], 12),
    ]);
    return [
      ...tiles.flat(),
      task(`vector${device}.a`, `vector${device}`, 25, [`mac${device}`], 90),
      task(`vector${device}.b`, `vector${device}`, 25, [`vector${device}.a`], 60),
      task(`send${device}`, `send${device}`, 40, [`vector${device}.b`], 50),
    ];
  };
  const exchange = devices.map((device) =>
    task(
      `receive${device}`,
      `receive${device}`,
      20,
      devices.map((other) => `send${other}`),
    ),
  );
  const layer = [0, 1, 2, 3].flatMap((index) => [
    ...devices.flatMap((device) => block(device, index)),
    ...exchange,
  ]);
  return {
    servers: devices.map((device) => ({ name: `hbm${device}` })),
    units,
    body: [repeat(tokens, [repeat(layers, layer)], "token")],
  };
}

function measure({ name, program, fastForward }: Row): Stats {
  let best = Number.POSITIVE_INFINITY;
  let stats = run(program, { fastForward });
  for (let attempt = 0; attempt < 5; attempt++) {
    const begin = performance.now();
    stats = run(program, { fastForward });
    best = Math.min(best, performance.now() - begin);
  }
  const { executed, symbolic, skipped } = stats.work;
  const speed = fastForward ? "" : `${(executed / best / 1e3).toFixed(1)} M tasks/s`;
  const columns = [best.toFixed(2), executed, symbolic, skipped, speed].map((cell) =>
    String(cell).padStart(16),
  );
  console.log(name.padEnd(44) + columns.join(""));
  return stats;
}

console.log(
  "".padEnd(44) +
    ["ms", "executed", "symbolic", "skipped", "speed"].map((title) => title.padStart(16)).join(""),
);
const plain = (name: string, program: Program) => measure({ name, program, fastForward: false });
const fast = (name: string, program: Program) => measure({ name, program, fastForward: true });
plain("plain, private units", tenTasks(5e5, false));
plain("plain, shared server", tenTasks(5e5, true));
for (const times of [1e3, 1e6, 1e9]) fast(`ten tasks, ${times} times`, tenTasks(times, true));
fast("ten tasks, 1000 x 1000 x 1000 times", {
  ...tenTasks(0, true),
  body: [repeat(1e3, [repeat(1e3, [repeat(1e3, ten)])])],
});
for (const tokens of [400, 4000]) fast(`GPT-2 like, ${tokens} tokens x 48 layers`, gpt(tokens, 48));
plain("GPT-2 like, 400 tokens x 48 layers, plain", gpt(400, 48));

const begin = performance.now();
runFirstComeFirstServed(tenTasks(5e4, true));
console.log(`first come, first served: ${(5e5 / (performance.now() - begin) / 1e3).toFixed(1)} M tasks/s`);
