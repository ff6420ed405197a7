/**
 * What a butterfly engine gets wrong or cannot hold, and why: its timing stands, its data do not.
 * Models: hazards between stages, clashes of operands in one RAM, weights that do not fit, streams that the control loses.
 * Ignores: rounding of half precision.
 * Source: the RTL of the butterfly accelerator (MICRO 2022); test/functional/butterfly-engine.ts makes the same errors.
 */

import type { ButterflySpec } from "./butterfly.ts";
import { rowsOf, stageCycles, steadyOf, type Transform } from "./butterfly-timing.ts";

/** @param stream more than one vector passes */
export function faultsOf(spec: ButterflySpec, transform: Transform, stream: boolean): readonly string[] {
  const { timing, rotationBits, weightRows } = spec;
  const { mode, points, layerNorm } = transform;
  const rows = rowsOf(timing.units, points);
  // The second stage begins with elements that the first wrote half a stage before.
  const distance = rows / 2;
  const pipeline = timing.pipeline[mode];
  const weights = stageCycles(timing.units, points);
  const { stall } = steadyOf(timing, transform);
  const { divisor } = spec.layerNorm;
  const what = `${mode} of ${points} points`;
  return [
    ...when(
      distance <= pipeline,
      `${what}: a stage reads results ${distance} cycles after their operands, before the pipeline of ${pipeline} cycles has written them (read after write)`,
    ),
    ...when(
      Math.log2(rows) > rotationBits,
      `${what}: the layout rotates by ${rotationBits} of ${Math.log2(rows)} row bits, so that operands of the first stage lie in one RAM`,
    ),
    ...when(
      weights > weightRows,
      `${what}: ${weights} rows of weights, the weight buffer has ${weightRows} a bank`,
    ),
    ...when(
      layerNorm && divisor !== undefined && divisor !== points,
      `layer norm of ${points} points: the divider's constant is ${divisor}`,
    ),
    ...when(stream && stall !== undefined, `${what}: ${stall}`),
  ];
}

const when = (wrong: boolean, why: string): readonly string[] => (wrong ? [why] : []);
