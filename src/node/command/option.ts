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
