/** The built command, as a user runs it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { csvParse } from "d3-dsv";
import { afterAll, expect, test } from "vitest";

const cli = resolve("dist/cli.js");
const folder = mkdtempSync(join(tmpdir(), "papillon-"));
afterAll(() => rmSync(folder, { recursive: true }));

function papillon(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { PATH = "" } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    env: { PATH, ...env },
    maxBuffer: 1e9,
  });
  return { status, stdout, stderr, lines: stdout.trimEnd().split("\n") };
}

const experiment = "dfx-gpt2-latency";
const small = [
  "--hardware",
  "dfx-u280",
  "--workload",
  "gpt2",
  "--set",
  "devices=1",
  "--set",
  "inputTokens=2",
  "--set",
  "outputTokens=2",
];
/** 24 GB of weights on a card of 8 GB. */
const tooLarge = [
  ...small.slice(0, 6),
  "--set",
  "model.n_embd=8192",
  "--set",
  "model.n_head=64",
  "--set",
  "model.n_layer=24",
];

test("help of every command has examples, and comes without loading the simulator", () => {
  const { stdout, status } = papillon(["--help"]);
  expect(status).toBe(0);
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) .*$/gm)].map(([, name = ""]) => name);
  for (const name of [
    "run",
    "explain",
    "check",
    "list",
    "show",
    "validate",
    "memory",
    "schema",
    "completion",
  ]) {
    expect(commands).toContain(name);
    expect(papillon([name, "--help"]).stdout).toContain("Examples:");
  }
  expect(papillon(["--version"]).stdout).toBe(
    `${JSON.parse(readFileSync("package.json", "utf8")).version}\n`,
  );
});

test("the experiment prints ours, published and error, in lines that fit 80 and 200 columns", () => {
  for (const width of [80, 200]) {
    const { status, lines } = papillon(["run", experiment, "--width", String(width)]);
    expect(status).toBe(0);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines.filter((line) => / ms +227\.0 ms +[+-]?\d\.\d\d %/.test(line))).toHaveLength(1);
    for (const op of ["decoder × 48", "attentionNorm", "synchronization", "logits"])
      expect(
        lines.some((line) => line.trimStart().startsWith(op)),
        op,
      ).toBe(true);
  }
});

test("one run without an experiment file prints the same JSON form, all runs in a list", () => {
  const { status, stdout } = papillon(["run", ...small, "--format", "json"]);
  expect(status).toBe(0);
  const { schemaVersion, runs } = JSON.parse(stdout);
  expect(schemaVersion).toBe(1);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toMatchObject({ status: "done", report: { totals: { tokens: { input: 2, output: 2 } } } });
});

test("CSV has a row for each op, and a file by --out is what is printed", () => {
  const out = join(folder, "made", "by-out");
  const { status, stdout } = papillon(["run", ...small, "--format", "csv", "--out", out]);
  expect(status).toBe(0);
  expect(csvParse(stdout).some(({ phase, op }) => phase === "decode" && op === "decoder.query")).toBe(true);
  expect(
    readdirSync(out)
      .map((name) => name.replace(/^.*\./, ""))
      .sort(),
  ).toEqual(["csv", "json", "txt"]);
  const written = readdirSync(out).find((name) => name.endsWith(".csv")) ?? "";
  expect(readFileSync(join(out, written), "utf8")).toBe(stdout);
});

test("five mistakes in a config are told at once, and nothing is written", () => {
  const card = readFileSync("configs/hardware/dfx-u280.yaml", "utf8")
    .replace("clock: 200 MHz", "clock: 8 MiB")
    .replace("devices: 4", "devices: -4")
    .replace("name: dfx-u280", "extends: no-such-card.yaml\nname: dfx-u280")
    .replace("kind: dma", "kind: dma\n    chanels: 3")
    .replace("bandwidth: { value: 100 Gbit/s, source", "bandwidth: { value: 100, source");
  const file = join(folder, "card.yaml");
  writeFileSync(file, card);
  const out = join(folder, "nothing");
  const { status, stdout, stderr } = papillon([
    "run",
    "--hardware",
    file,
    "--workload",
    "gpt2",
    "--out",
    out,
  ]);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  const at = (text: string): number => card.split("\n").findIndex((line) => line.includes(text)) + 1;
  const mistakes = ["extends: no-such", "clock: 8 MiB", "devices: -4", "chanels: 3", "value: 100,"];
  expect(stderr.trimEnd().split("\n")).toHaveLength(mistakes.length);
  for (const mistake of mistakes) expect(stderr, mistake).toContain(`card.yaml:${at(mistake)}:`);
  expect(existsSync(out)).toBe(false);
});

test("a design that does not fit ends with 3 and shows the arithmetic", () => {
  const { status, stdout } = papillon(["run", ...tooLarge, "--format", "json"]);
  expect(status).toBe(3);
  const [run] = JSON.parse(stdout).runs;
  expect(run).toMatchObject({ status: "unfit" });
  expect(run.reason).toMatch(/\d.*>.*\d|\d.*\d/);
  const table = papillon(["run", ...tooLarge]);
  expect(table.status).toBe(3);
  expect(table.stdout).toContain("does not fit");
});

test("what cannot be written is one message, and leaves nothing behind", () => {
  const file = join(folder, "a-file");
  writeFileSync(file, "as it was");
  const { status, stderr } = papillon(["run", ...small, "--out", join(file, "below")]);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^papillon: cannot write .*a-file.*: .*\n/);
  expect(readFileSync(file, "utf8")).toBe("as it was");
});

test("wrong commands, options, names and formats name what was probably meant", () => {
  const wrong = (...args: string[]): string => {
    const { status, stderr } = papillon(args);
    expect(status, args.join(" ")).toBe(2);
    return stderr;
  };
  expect(wrong("rnu")).toContain("Did you mean run?");
  expect(wrong("run", "--hardwar", "x")).toContain("Did you mean --hardware?");
  expect(wrong("run", "dfx-gpt2-latencies")).toContain('did you mean "dfx-gpt2-latency"?');
  expect(wrong("show", "dfx-u28")).toContain('did you mean "dfx-u280"?');
  expect(wrong("run", experiment, "--format", "xml")).toContain("table, json, csv");
  expect(wrong("run", experiment, "--set", "hardware.units.hbm.chanels=3")).toContain(
    'did you mean "channels"?',
  );
  expect(wrong("run")).toContain("--hardware and --workload");
  expect(wrong("validate", "nothing")).toContain("dfx-latency");
});

test("list, show and check find shipped configs by name", () => {
  const lists = JSON.parse(papillon(["list", "--format", "json"]).stdout);
  expect(lists.hardware.map(({ name }: { name: string }) => name)).toContain("dfx-u280");
  for (const list of ["workloads", "dataflows", "components", "experiments"])
    expect(lists[list]).not.toEqual([]);
  const shown = papillon(["show", "dfx-u280", "--set", "units.hbm.channels=16", "--width", "80"]);
  expect(shown.stdout).toContain("channels: 16  # from --set units.hbm.channels=16");
  expect(shown.stdout).toContain("lanes: 16  # recalled: DFX: l");
  expect(Math.max(...shown.lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(JSON.parse(papillon(["show", "gpt2-xl", "--format", "json"]).stdout).config.model.n_embd).toBe(1600);
  const checked = papillon(["check", "dfx-u280", "configs/workloads/gpt2.yaml", experiment]);
  expect(checked).toMatchObject({ status: 0, stderr: "" });
  expect(checked.lines).toHaveLength(3);
});

test("a Hugging Face config.json is shown and checked as the workload that it is", () => {
  const file = "configs/workloads/gpt2.json";
  const tokens = ["--set", "inputTokens=8", "--set", "outputTokens=8", "--set", "precision=fp16"];
  expect(papillon(["check", file, ...tokens])).toMatchObject({
    status: 0,
    stdout: `${file}: workload, nothing wrong\n`,
  });
  expect(JSON.parse(papillon(["show", file, ...tokens, "--format", "json"]).stdout)).toMatchObject({
    family: "workloads",
    config: { name: "gpt2", model: { model_type: "gpt2" } },
  });
  const wrong = papillon(["check", file, "--set", "model.n_head=5", ...tokens]);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/^--set model\.n_head=5: expected a divi.*\n$/);
});

test("validate prints the error of each row, and fails past the tolerance", () => {
  const { status, stdout } = papillon(["validate", "dfx-latency", "--format", "json"]);
  expect(status).toBe(0);
  const [suite] = JSON.parse(stdout).suites;
  expect(suite).toMatchObject({ suite: "dfx-latency", pass: true });
  const rows = join(folder, "rows.csv");
  writeFileSync(rows, "model,fpgas,in_tokens,out_tokens,latency_ms\n345M,1,2,2,1000\n");
  const failed = papillon(["validate", "dfx-latency", "--data", rows]);
  expect(failed.status).toBe(1);
  expect(failed.stdout).toContain("FAIL");
  writeFileSync(rows, "model,fpgas\n345M,1\n");
  expect(papillon(["validate", "dfx-latency", "--data", rows])).toMatchObject({ status: 2, stdout: "" });
});

test("validate tells every number of a table that is none, with its place", () => {
  const rows = join(folder, "malformed.csv");
  const header = "model,fpgas,in_tokens,out_tokens,latency_ms\n";
  writeFileSync(rows, `${header}345M,1,2x,2,1000\r\n"345M",1,2,2,"1,000"\n345M,1,2,2,\n`);
  expect(papillon(["validate", "dfx-latency", "--data", rows])).toMatchObject({
    status: 2,
    stdout: "",
    stderr:
      `${rows}:2:8 in_tokens: expected a number, found "2x"\n` +
      `${rows}:3:14 latency_ms: expected a number, found "1,000"\n`,
  });
});

test("a trace has processes for devices, tracks for units, and slices that do not overlap", () => {
  const file = join(folder, "trace.json");
  expect(papillon(["run", ...small, "--set", "devices=2", "--trace", file]).status).toBe(0);
  const { traceEvents } = JSON.parse(readFileSync(file, "utf8"));
  const processes = traceEvents.filter(({ name }: { name: string }) => name === "process_name");
  expect(new Set(processes.map(({ args }: { args: { name: string } }) => args.name))).toEqual(
    new Set(["device 0", "device 1"]),
  );
  const ends = new Map<number, number>();
  let slices = 0;
  for (const { ph, tid, ts, dur } of traceEvents) {
    if (ph !== "X") continue;
    slices++;
    expect(Math.round(ts * 1e3)).toBeGreaterThanOrEqual(ends.get(tid) ?? 0);
    ends.set(tid, Math.round((ts + dur) * 1e3));
  }
  expect(slices).toBeGreaterThan(1000);
});

test("colours follow NO_COLOR and FORCE_COLOR", () => {
  const colour = "\u001b[";
  expect(papillon(["list", "dataflows"]).stdout).not.toContain(colour);
  expect(papillon(["list"], { FORCE_COLOR: "1" }).stdout).toContain(colour);
  expect(papillon(["list"], { NO_COLOR: "1" }).stdout).not.toContain(colour);
});

test("a reader that stops early is no error", async () => {
  const child = spawn(process.execPath, [cli, "run", experiment, "--format", "json"]);
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const status = await new Promise((done) => child.on("close", done));
  expect(errors).toBe("");
  expect(status).toBe(0);
});

test("what cannot be printed is one message", () => {
  const line = `exec "${process.execPath}" "${cli}" list hardware > /dev/full`;
  const { status, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
  expect(stderr).toBe("papillon: cannot print: no space left on device\n(PAPILLON_DEBUG=1 shows where)\n");
  expect(status).toBe(1);
});

test("completion scripts are valid, and complete commands, names and choices", () => {
  const script = papillon(["completion", "bash"]).stdout;
  const file = join(folder, "completion.bash");
  writeFileSync(file, script);
  const complete = (...words: string[]): string[] => {
    const quoted = words.map((word) => `'${word}'`).join(" ");
    const program = `source ${file}; COMP_WORDS=(papillon ${quoted}); COMP_CWORD=${words.length}; _papillon; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
    expect(stderr).toBe("");
    return stdout.trim().split("\n");
  };
  expect(complete("ru")).toEqual(["run"]);
  expect(complete("run", "--hardware", "dfx")).toEqual(["dfx-u280", "dfx-u280-banked"]);
  expect(complete("run", "--form")).toEqual(["--format"]);
  expect(complete("run", "--format", "")).toContain("json");
  expect(complete("run", "dfx")).toContain(experiment);
  expect(complete("list", "work")).toEqual(["workloads"]);
  for (const shell of ["zsh", "fish"]) expect(papillon(["completion", shell]).stdout).toContain("workloads");
});

test("explain tells what to change first, names what it does not know, and why a design does not fit", () => {
  const small = ["--hardware", "dfx-u280", "--workload", "gpt2", "--set", "model.n_layer=1"];
  const sizes = ["--set", "devices=1", "--set", "inputTokens=1", "--set", "outputTokens=1"];
  const shown = papillon(["explain", ...small, ...sizes, "--layer", "decode.decoder", "--width", "80"]);
  expect(shown.status).toBe(0);
  expect(shown.lines[1]).toMatch(/^Change first: units\.hbm/);
  expect(Math.max(...shown.lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  const strange = papillon(["explain", ...small, ...sizes, "--layer", "decode.decodr"]);
  expect(strange.status).toBe(2);
  expect(strange.stderr).toContain('no layer is named "decode.decodr", did you mean "decode.decoder"?');
  const unfit = papillon(["explain", ...small, ...sizes, "--set", "hardware.units.hbm.capacity=1 MB"]);
  expect(unfit.status).toBe(3);
  expect(unfit.stderr).toContain("does not fit");
});
