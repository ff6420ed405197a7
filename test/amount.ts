/** What an amount is at one iteration of its loop, by the words of src/amount.ts. */
import type { Amount } from "../src/amount.ts";

export function amountAt(amount: Amount, iteration: number): number {
  if (typeof amount === "number") return amount;
  const { base, step, per, every = 1, offset = 0 } = amount;
  return Math.ceil((base + Math.floor((iteration + offset) / every) * step) / per);
}
