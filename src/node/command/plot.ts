/** `papillon plot`: the results of a sweep, as a page. */
import { basename, join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { type ExitStatus, exit, refuseUse } from "../exit.ts";
import { collect } from "./option.ts";

interface Options {
  readonly out?: string;
  readonly x?: string;
  readonly y?: string;
  readonly map?: string;
  readonly mark: readonly string[];
}

export function definePlot(program: Command, ends: (status: ExitStatus) => void): void {
  program
    .command("plot")
    .summary("show a sweep as a page with charts")
    .description(
      "Turns what papillon sweep or search wrote into one HTML file with the Pareto front, parallel coordinates, effects, maps and convergence, which asks for nothing from the network. Of a sweep that is not done, what is there.",
    )
    .argument("<folder>", "what papillon sweep or search wrote")
    .addOption(new Option("-o, --out <file>", "the page to write (default: plot.html in the folder)"))
    .option("--x <name>", "a result or parameter for the scatter (default: the first objective)")
    .option("--y <name>", "and its other axis (default: the next objective)")
    .option(
      "--map <a,b>",
      "two parameters for the map (default: those of the machine with the largest effects)",
    )
    .option("--mark <name=value,..>", "show designs with these values; may be repeated", collect, [])
    .addHelpText(
      "after",
      `
Examples:
  papillon plot results/dfx-space
  papillon plot results/dfx-space --x averagePowerWatts --y tokensPerSecond -o power.html
  papillon plot results/dfx-space --mark width=64,lanes=16 --map width,channels

papillon figure results/dfx-space writes its charts for a paper.`,
    )
    .action(async (folder: string, options: Options) => ends(await plot(folder, options)));
}

async function plot(folder: string, { out, ...options }: Options): Promise<ExitStatus> {
  const { isSweptFolder, readFolder } = await import("../plot.ts");
  if (!isSweptFolder(folder))
    return refuseUse(`${folder}: expected a folder that papillon sweep wrote, found none`);
  const { designs, missing, shards } = await readFolder(folder);
  const { readAsked } = await import("../../explore/plot/asked.ts");
  const asked = readAsked(designs, options);
  if (!asked.ok) return refuseUse(asked.problems.join("\npapillon: "));
  const { plotSections } = await import("../../explore/plot/index.ts");
  const { renderHtml } = await import("../../report/html.ts");
  const { pageAssets } = await import("../page-assets.ts");
  const { writeWhole } = await import("../write.ts");
  const { title, experiment } = designs.about;
  const subtitle =
    missing === 0 ? "" : shards === 0 ? "Not done" : `Not done: ${missing} of ${shards} shards are missing`;
  const path = out ?? join(folder, "plot.html");
  const page = renderHtml(
    {
      view: "sections",
      title: title === "" ? experiment : title,
      subtitle: [basename(resolve(folder)), subtitle].filter((text) => text !== "").join(". "),
      sections: plotSections(designs, asked.value),
    },
    pageAssets(),
  );
  writeWhole({ [path]: page });
  process.stdout.write(`${path}\n`);
  return exit.done;
}
