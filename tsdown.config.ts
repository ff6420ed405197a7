/** The build: every dependency is inlined, so that the command starts quickly and installs nothing else. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig, type Rolldown } from "tsdown";
import { exportsOf, keptBeside, scriptOf } from "./src/node/kept-code.ts";

const shared = {
  format: "esm",
  target: "node20.19",
  outDir: "dist",
  fixedExtension: false,
  outputOptions: { chunkFileNames: "chunk/[name]-[hash].js" },
  deps: { alwaysBundle: /./, neverBundle: /^(node:|@napi-rs\/canvas|@duckdb\/node-api|bullmq|ioredis)/ },
  report: false,
  logLevel: "warn",
} as const;
const checks = { pluginTimings: false };
/** Packages give the form that needs no Node where they have one: it is made of modules, so that what is not used is left out. */
const resolve = { mainFields: ["module", "main"], conditionNames: ["module", "import", "default"] };

const quick = {
  ...shared,
  format: "cjs",
  checks: { legacyCjs: false },
  platform: "node",
  // Half the text is half the time to read it.
  minify: true,
  inputOptions: { resolve, checks },
  dts: false,
} as const;

export default defineConfig([
  {
    ...shared,
    entry: { index: "src/index.ts", explore: "src/explore/index.ts" },
    // The core runs in browsers too.
    platform: "neutral",
    inputOptions: { resolve, checks },
    dts: false,
    plugins: [thirdPartyNotices("THIRD-PARTY-NOTICES-core")],
  },
  {
    ...shared,
    entry: {
      commands: "src/node/cli.ts",
      node: "src/node/index.ts",
      "sweep-thread": "src/node/sweep/thread.ts",
      "queue-thread": "src/node/queue/thread.ts",
    },
    platform: "node",
    inputOptions: { resolve, checks },
    dts: false,
    plugins: [thirdPartyNotices("THIRD-PARTY-NOTICES-cli")],
  },
  {
    ...shared,
    // The script of report pages, as one text that they hold.
    entry: { page: "src/report/page/page.ts" },
    format: "iife",
    platform: "browser",
    minify: true,
    outputOptions: { entryFileNames: "page.js" },
    inputOptions: { resolve, checks },
    copy: [{ from: "src/report/page/page.css", to: "dist" }],
    dts: false,
    plugins: [thirdPartyNotices("THIRD-PARTY-NOTICES-page")],
  },
  // The command as a module, and as installed in the form that Node starts fastest; what both run at once.
  {
    ...quick,
    entry: { cli: "src/node/papillon.ts" },
    format: "esm",
    plugins: [besideIt("./cli.ts", "./commands.js")],
  },
  { ...quick, entry: { papillon: "src/node/papillon.ts" }, plugins: [besideIt("./cli.ts", "./commands.js")] },
  {
    ...quick,
    entry: { "scalesim-plain": "src/node/scalesim-plain.ts" },
    plugins: [keepCompiled("scalesim-plain.cjs")],
  },
  {
    ...shared,
    // Together, so that both speak of the same types. Those of zod do not survive inlining, hence it is a dependency.
    entry: { index: "src/index.ts", explore: "src/explore/index.ts", node: "src/node/index.ts" },
    deps: { neverBundle: ["zod", /^node:/] },
    inputOptions: { checks },
    dts: { emitDtsOnly: true },
  },
]);

/** Leaves an import to the file of another build. */
function besideIt(source: string, built: string): Rolldown.Plugin {
  return {
    name: "beside-it",
    resolveId: (id) => (id === source ? { id: built, external: true } : undefined),
  };
}

/** Keeps the compiled form of a built file beside it, with all functions that a run calls. */
function keepCompiled(fileName: string): Rolldown.Plugin {
  return {
    name: "keep-compiled",
    writeBundle({ dir = "dist" }) {
      const file = join(dir, fileName);
      const script = scriptOf(file);
      runExamples(exportsOf<typeof import("./src/node/scalesim-plain.ts")>(script, builtinsOfExamples));
      writeFileSync(keptBeside(file), script.createCachedData());
    },
  };
}

/** A layer that fills its buffers again and again, in each of the ways that SCALE-Sim runs layers. */
const exampleConfig = (dataflow: string, mode: string): string =>
  "[general]\nrun_name = example\n[architecture_presets]\nArrayHeight: 8\nArrayWidth: 8\nIfmapSramSzkB: 1\nFilterSramSzkB: 1\n" +
  `OfmapSramSzkB: 1\nBandwidth: 4\nDataflow: ${dataflow}\n[run_presets]\nInterfaceBandwidth: ${mode}\n`;
const exampleLayers =
  "Layer, Height, Width, Filter Height, Filter Width, Channels, Filters, Strides,\nConv, 40, 40, 5, 5, 3, 20, 2,\nFC, 1, 1, 1, 1, 700, 90, 1,\n";

function runExamples({ runPlainScaleSim }: typeof import("./src/node/scalesim-plain.ts")): void {
  for (const dataflow of ["ws", "os", "is"])
    for (const mode of ["CALC", "USER"])
      if (runPlainScaleSim(["-c", `${dataflow}/${mode}`, "-t", "layers"]) !== 0)
        throw new Error("an example of scalesim does not run");
}

/** The examples are read from here, and nothing is written. */
function builtinsOfExamples(id: string): unknown {
  const read = (path: string): string => {
    const [dataflow = "", mode] = path.split("/");
    return mode === undefined ? exampleLayers : exampleConfig(dataflow, mode);
  };
  const nothing = (): void => {};
  const files = {
    mkdirSync: nothing,
    writeFileSync: nothing,
    renameSync: nothing,
    statSync: nothing,
    writeSync: nothing,
  };
  return id === "node:fs"
    ? { ...files, readFileSync: read, existsSync: () => true }
    : process.getBuiltinModule(id);
}

/** Writes the licences of all packages whose code went into the bundle. */
function thirdPartyNotices(fileName: string): Rolldown.Plugin {
  return {
    name: "third-party-notices",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).flatMap((chunk) => (chunk.type === "chunk" ? [chunk] : []));
      const modules = chunks.flatMap(({ moduleIds }) => moduleIds);
      const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
      const notices = [...new Set(folders)].sort().map(noticeOf);
      this.emitFile({ type: "asset", fileName, source: notices.join("\n") });
    },
  };
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${name} has no licence file in ${dirname(folder)}`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license})\n\n${text}\n${"-".repeat(80)}\n`;
}
