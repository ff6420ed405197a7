import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
  foldGrid,
  type MatrixShape,
  type SystolicShape,
  systolicCycles,
} from "../../src/arch/systolic-time.ts";
import { convolutionProduct } from "../../src/workload/convolution.ts";
import { at, type Op } from "../../src/workload/op.ts";
import { visionNetworks } from "../../src/workload/vision/index.ts";

/** Matrix products of an op, and how many. */
function productsOf(op: Op): (MatrixShape & { readonly count: number }) | undefined {
  if (op.kind === "convolution") return convolutionProduct(op);
  if (op.kind !== "matmul") return undefined;
  return { count: op.count, rows: at(op.rows, 0), inner: at(op.inner, 0), columns: at(op.columns, 0) };
}

function cyclesOf(ops: readonly Op[], array: SystolicShape): number {
  return ops.reduce((sum, op) => {
    const product = productsOf(op);
    return product === undefined
      ? sum
      : sum + product.count * systolicCycles(array, foldGrid(array, product));
  }, 0);
}

test("the page's table of serial and overlapped folds is what the model says", () => {
  const rows = (["resnet-50", "mobilenet-v2", "vit-b"] as const).flatMap((network) =>
    [32, 128].flatMap((size) =>
      (["weights", "outputs"] as const).map((stationary) => {
        const ops = visionNetworks[network]({ batch: 1, normalization: "folded", image: 224 });
        const shape = { rows: size, columns: size, stationary, edges: "full" } as const;
        const serial = cyclesOf(ops, { ...shape, folds: "serial" });
        const overlapped = cyclesOf(ops, { ...shape, folds: "overlapped" });
        return `| ${network} | ${size} x ${size} | ${stationary} | ${serial} | ${overlapped} | ${(serial / overlapped).toFixed(2)} times |`;
      }),
    ),
  );
  expect(readFileSync("docs/scalesim.md", "utf8")).toContain(rows.join("\n"));
});
