/** The options of `papillon scalesim` as scripts write them, `-c x.cfg -t y.csv`; anything else is left to the reader of all commands. */
import type { ScaleSimOptions } from "./scalesim-run.ts";

/**
 * @param words of the command line behind `scalesim`
 * @returns undefined for help, a mistake or a rarer form such as --config=x.cfg
 */
export function plainScaleSim(words: readonly string[]): ScaleSimOptions | undefined {
  const given = new Map<string, string>();
  const set: string[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [option = "", value] = [longName.get(words[at] ?? ""), words[at + 1]];
    if (option === "" || value === undefined || value.startsWith("-") || given.has(option)) return undefined;
    if (option === "set") set.push(value);
    else given.set(option, value);
  }
  const [config, topology, layout] = [given.get("config"), given.get("topology"), given.get("layout")];
  const [input, compat = "v3"] = [given.get("input"), given.get("compat")];
  if (config === undefined || topology === undefined) return undefined;
  if (compat !== "v2" && compat !== "v3") return undefined;
  if (input !== undefined && input !== "conv" && input !== "gemm") return undefined;
  const path = given.get("path") ?? "./results";
  return {
    ...{ config, topology, path, compat, set },
    ...(layout === undefined ? {} : { layout }),
    ...(input === undefined ? {} : { input }),
  };
}

const longName: ReadonlyMap<string, string> = new Map(
  ["config", "topology", "layout", "input", "path", "compat", "set"].flatMap((name) => [
    [`--${name}`, name],
    ...(name === "compat" || name === "set" ? [] : [[`-${name.charAt(0)}`, name] as const]),
  ]),
);
