/** How to speak of what a run took in: tokens of texts, or samples (images) that a network takes whole. */
import { plain } from "./human.ts";
import type { Totals } from "./report.ts";

/** A network that takes samples whole has one token in each. */
export const takesSamples = ({ inferencesPerSecond, tokensPerSecond }: Totals): boolean =>
  inferencesPerSecond === tokensPerSecond;

/** "32 tokens in, 128 out", "1 sample". */
export function inputText(totals: Totals): string {
  const { input, output } = totals.tokens;
  if (takesSamples(totals)) return input === 1 ? "1 sample" : `${input} samples`;
  return `${input} tokens in, ${output} out`;
}

/** What energy and time are shared out among. */
export const oneOf = (totals: Totals): string => (takesSamples(totals) ? "sample" : "token");

/** "1071 inferences/s", "88 inferences/s, 11264 tokens/s", "62.1 tokens/s". */
export function rateText(totals: Totals): string {
  const { inferencesPerSecond, tokensPerSecond } = totals;
  const tokens = `${plain(tokensPerSecond)} tokens/s`;
  if (inferencesPerSecond === undefined) return tokens;
  const inferences = `${plain(inferencesPerSecond)} inferences/s`;
  return takesSamples(totals) ? inferences : `${inferences}, ${tokens}`;
}
