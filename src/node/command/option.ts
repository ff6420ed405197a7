/** Options that several commands have. */
import { InvalidArgumentError, Option } from "commander";

export const formats = ["table", "json", "csv"] as const;
export type Format = (typeof formats)[number];

export const formatOption = (among: readonly Format[] = formats): Option =>
  new Option("--format <format>", "how to print").choices(among).default("table");

export const widthOption = (): Option =>
  new Option("--width <characters>", "width of tables (default: the terminal's)").argParser((text) => {
    const width = Number(text);
    if (!Number.isInteger(width) || width < 60 || width > 1000)
      throw new InvalidArgumentError("Expected a whole number from 60 to 1000.");
    return width;
  });

/** For options that may be repeated. */
export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

/** Of workers. */
export function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1024)
    throw new InvalidArgumentError("Expected a whole number from 1 to 1024.");
  return count;
}

export function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 86_400))
    throw new InvalidArgumentError("Expected seconds, from 1 to 86400.");
  return seconds;
}

export function queueUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["redis:", "rediss:"].includes(url.protocol) || url.hostname === "")
    throw new InvalidArgumentError(
      "Expected a Redis, such as redis://host:6379 or rediss://:password@host:6380/2.",
    );
  return text;
}
