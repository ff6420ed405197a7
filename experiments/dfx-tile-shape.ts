/** Which tile suits a DFX card: d inputs a lane times l lanes, at the 1024 multipliers of the paper. Run: npx tsx experiments/dfx-tile-shape.ts */
import { simulate } from "papillon-sim";
import { plan } from "papillon-sim/node";

const designs = [8, 16, 32, 64, 128, 256].map((width) => {
  const lanes = 1024 / width;
  // The vector unit and the DMA take a row of the register file a cycle, as a lane does.
  const rows = [`units.vector.lanes=${width}`, `units.dma.straight=${width}`];
  const set = [`units.matrix.width=${width}`, `units.matrix.lanes=${lanes}`, ...rows];
  const result = simulate(plan("dfx-u280", "gpt2-1.5b-dfx", { set }));
  return {
    tile: `d ${width} x l ${lanes}`,
    tokensPerSecond: result.status === "done" ? result.report.totals.tokensPerSecond : 0,
  };
});

const [best] = designs.toSorted((a, b) => b.tokensPerSecond - a.tokensPerSecond);
for (const { tile, tokensPerSecond } of designs)
  console.log(tile.padEnd(16), tokensPerSecond.toFixed(2), "tokens/s", tile === best?.tile ? "<- best" : "");
