/** A program without its loops: every instance in program order. For models that need no speed. */
import { growing } from "./amount.ts";
import { at, indexAt, item } from "./cells.ts";
import type { Compiled, Part } from "./compile.ts";

export interface Unrolled {
  /** By instance. */
  readonly place: Int32Array;
  readonly occupancy: Float64Array;
  /** The instances that instance i waits for: `producers[producerFrom[i]]` .. ; -1 where none was issued before. */
  readonly producerFrom: Int32Array;
  readonly producers: Int32Array;
  /** The number of instances after each item of the program's body. */
  readonly phaseEnds: readonly number[];
}

/** @throws Error when there are more instances than `most` */
export function unroll({ places, phases, wiring, layout }: Compiled, most: number): Unrolled {
  const total = phases.flat().reduce((sum, part) => sum + instancesOf(part), 0);
  if (total > most) throw new Error(`the program has ${total} task instances; unrolled at most ${most} fit`);
  const edges = phases.flat().reduce((sum, part) => sum + edgesOf(part, layout.code.edgeFrom), 0);
  const place = new Int32Array(total);
  const occupancy = new Float64Array(total);
  const producerFrom = new Int32Array(total + 1);
  const producers = new Int32Array(edges);
  const current = Float64Array.from(places, ({ task }) =>
    typeof task.occupancy === "number" ? task.occupancy : growing(task.occupancy, 0),
  );
  const issued: number[][] = wiring.registers.map(() => []);
  let instance = 0;
  let edge = 0;
  const walk = (part: Part): void => {
    if (part.kind === "run") {
      for (let index = part.from; index < part.to; index++) issue(index);
      return;
    }
    for (let iteration = 0; iteration < part.times; iteration++) {
      for (const index of part.growing) {
        const amount = item(places, index).task.occupancy;
        if (typeof amount !== "number") current[index] = growing(amount, iteration);
      }
      part.parts.forEach(walk);
    }
  };
  const issue = (index: number): void => {
    const { register, after } = item(wiring.places, index);
    place[instance] = index;
    occupancy[instance] = at(current, index);
    for (const { register: producer, age } of after) {
      const all = item(issued, producer);
      producers[edge++] = all[all.length - 1 - age] ?? -1;
    }
    item(issued, register).push(instance++);
    producerFrom[instance] = edge;
  };
  const phaseEnds = phases.map((parts) => {
    parts.forEach(walk);
    return instance;
  });
  return { place, occupancy, producerFrom, producers, phaseEnds };
}

function instancesOf(part: Part): number {
  return part.kind === "run"
    ? part.to - part.from
    : part.times * part.parts.reduce((sum, inner) => sum + instancesOf(inner), 0);
}

function edgesOf(part: Part, edgeFrom: Int32Array): number {
  return part.kind === "run"
    ? indexAt(edgeFrom, part.to) - indexAt(edgeFrom, part.from)
    : part.times * part.parts.reduce((sum, inner) => sum + edgesOf(inner, edgeFrom), 0);
}
