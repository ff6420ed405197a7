/**
 * Transfers on the parts of a memory that work side by side. A dataflow writes them for the memory as a whole; here each becomes a task
 * on every part that its walk takes: all for as long, since a walk's channels share its bytes evenly. It is done when all of them are.
 * Models: channels that serve different walks at the same time, each in program order.
 * Ignores: nothing.
 * Source: ours.
 */
import type { Hardware } from "../arch/hardware.ts";
import { isKind } from "../arch/index.ts";
import { type MemoryPart, takes } from "../arch/memory-part.ts";
import { walkAction } from "../arch/memory-walk.ts";
import type { Dependency, Item, Program, Task } from "../program.ts";
import { partName, unitName } from "./pattern.ts";

/** The program itself where each memory is one. */
export function sideBySide(hardware: Hardware, program: Program): Program {
  const queues = queuesOf(hardware);
  if (queues.size === 0) return program;
  const pieces = piecesOf(program, queues);
  const onParts = (item: Item): readonly Item[] => {
    if (item.kind === "repeat") return [{ ...item, body: item.body.flatMap(onParts) }];
    const units = queues.get(item.unit)?.(item) ?? [item.unit];
    return units.map((unit, piece) => ({
      ...item,
      id: pieceName(item.id, piece),
      unit,
      after: item.after.flatMap((each) => onPieces(each, item.id, piece, pieces)),
      // Bytes and room are told once.
      ...(piece === 0 ? {} : { counts: {}, holds: {} }),
    }));
  };
  return { ...program, body: program.body.flatMap(onParts) };
}

/** The units that serve a task on a queue of a memory in parts; by the queue's name as dataflows know it, "device0.hbm.read". */
type Queues = ReadonlyMap<string, (task: Task) => readonly string[]>;

function queuesOf({ devices, units }: Hardware): Queues {
  const queues = new Map<string, (task: Task) => readonly string[]>();
  for (const [name, unit] of Object.entries(units)) {
    if (!isKind(unit, "hbm") && !isKind(unit, "ddr")) continue;
    const { parts, walks, queues: directions } = unit.spec;
    if (parts === undefined) continue;
    const partsFor = ({ counts }: Task): readonly MemoryPart[] => {
      const taken = Object.entries(walks).filter(([walk]) => `${name}.${walkAction(walk)}` in counts);
      // What moves nothing, such as what is there from the start, takes no part's time.
      if (taken.length === 0) return parts.slice(0, 1);
      return parts.filter((part) => taken.some(([, walk]) => takes(walk, part)));
    };
    for (let device = 0; device < devices; device += 1)
      for (const direction of directions)
        queues.set(unitName(device, name, direction), (task) =>
          partsFor(task).map((part) => unitName(device, partName(name, part.name), direction)),
        );
  }
  return queues;
}

/** Of each task, how many it becomes. */
function piecesOf(program: Program, queues: Queues): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>();
  const visit = (item: Item): void => {
    if (item.kind === "repeat") {
      for (const part of item.body) visit(part);
      return;
    }
    const count = queues.get(item.unit)?.(item).length ?? 1;
    if ((pieces.get(item.id) ?? count) !== count)
      throw new Error(`${item.id} takes more of a memory at one of its places than at another`);
    pieces.set(item.id, count);
  };
  for (const item of program.body) visit(item);
  return pieces;
}

const pieceName = (id: string, piece: number): string => (piece === 0 ? id : `${id}#${piece + 1}`);

/**
 * All pieces of what was waited for. A task that waits for an older instance of itself finds those of its pieces that stand before it one
 * instance younger.
 */
function onPieces(
  dependency: Dependency,
  own: string,
  piece: number,
  pieces: ReadonlyMap<string, number>,
): readonly Dependency[] {
  const id = typeof dependency === "string" ? dependency : dependency.task;
  return Array.from({ length: pieces.get(id) ?? 1 }, (_, other): Dependency => {
    const task = pieceName(id, other);
    if (typeof dependency === "object" && "back" in dependency) return { task, back: dependency.back };
    const younger = id === own && other < piece ? 1 : 0;
    const age = (typeof dependency === "string" ? 0 : dependency.age) + younger;
    return age === 0 ? task : { task, age };
  });
}
