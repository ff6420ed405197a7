/** What one device takes of silicon. */
import type { SiliconArea } from "../area/silicon-area.ts";
import { type Column, leftColumn, rightColumn, wrapped } from "./columns.ts";
import { percent, plain } from "./human.ts";

/** A row for each component that takes something, then the sum. */
export function siliconColumns({ components, mm2 }: SiliconArea): readonly Column[] {
  const taking = components.filter((each) => each.mm2 > 0);
  const squares = (amounts: readonly number[]): readonly string[] =>
    amounts.map((amount) => (amount === 0 ? "" : `${plain(amount)} mm2`));
  return [
    leftColumn("component", [...taking.map(({ component }) => component), "together"]),
    leftColumn("kind", [...taking.map(({ kind }) => kind), ""], 1),
    rightColumn("logic", [...squares(taking.map(({ logicMm2 }) => logicMm2)), ""]),
    rightColumn("memory", [...squares(taking.map(({ memoryMm2 }) => memoryMm2)), ""]),
    rightColumn("area", squares([...taking.map((each) => each.mm2), mm2])),
    rightColumn("share", [...taking.map((each) => percent(each.mm2 / mm2)), percent(mm2 === 0 ? 0 : 1)]),
  ];
}

/** What is no part of the sum, in lines. */
export const unpricedArea = ({ unpriced }: SiliconArea, width: number): readonly string[] =>
  unpriced.length === 0 ? [] : wrapped(`Without an area in the table: ${unpriced.join(", ")}.`, width, 2);
