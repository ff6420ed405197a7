/** Silicon of published designs: the sum of operators, registers and memories that our model counts, and their shares. */
import { siliconArea } from "../area/silicon-area.ts";
import { configReader } from "../config/config-reader.ts";
import { readMachineInSilicon } from "../config/silicon.ts";
import { formatProblems } from "../schema/problem.ts";
import type { Suite } from "./suite.ts";

export const silicon: Suite = {
  name: "silicon",
  source:
    "area of Eyeriss (JSSC 2017), Gemmini (DAC 2021) and the floor plan of TPU v1 (ISCA 2017); each row says whether it was read or recalled",
  tables: ["test/validation/silicon/chips.csv"],
  columns: ["design", "machine", "quantity", "part", "of", "value"],
  // What is counted is a lower bound of a chip; how it splits is what a sweep compares.
  tolerance: { mm2: { max: 0.725 }, share: { max: 0.26 } },
  run: (row, library) => prepared(library)(row),
  prepare: (library) => prepared(library),
};

function prepared(
  library: Parameters<Suite["run"]>[1],
): (row: Parameters<Suite["run"]>[0]) => ReturnType<Suite["run"]> {
  const read = configReader(library);
  return ({ design, machine: name = "", quantity = "", part = "", of = "", value }) => {
    const found = readMachineInSilicon(read, name);
    if (found === undefined) throw new Error(`${name} names no node of silicon`);
    if (!found.ok) throw new Error(formatProblems(found.problems));
    const { hardware, silicon } = found.value.machine;
    const { components, mm2 } = siliconArea(hardware, silicon);
    const areaOf = (names: string): number =>
      names === "all"
        ? mm2
        : names.split("+").reduce((sum, each) => {
            const component = components.find((one) => one.component === each);
            if (component === undefined) throw new Error(`${name} has no component ${each}`);
            return sum + component.mm2;
          }, 0);
    if (quantity !== "mm2" && quantity !== "share")
      throw new Error(`quantity ${quantity} is none of mm2, share`);
    const ours = quantity === "mm2" ? areaOf(part) : areaOf(part) / areaOf(of);
    return [{ quantity, label: `${design} ${part} ${quantity}`, ours, reference: Number(value) }];
  };
}
