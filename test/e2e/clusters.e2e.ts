/** The scripts of the docs for Slurm and Kubernetes, each part run by a real shell as the cluster would start it, give the bytes of one machine. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { killAll, start } from "./queue/processes.ts";

const scratch = mkdtempSync(join(tmpdir(), "papillon-clusters-"));
const space = resolve("test/e2e/queue/space.yaml");
const parts = 3;
let undisturbed: readonly Buffer[] = [];

const results = (folder: string): readonly Buffer[] =>
  ["results.jsonl", "results.parquet"].map((name) => readFileSync(join(scratch, folder, name)));

/** Programs that a cluster has: the package's command, and what starts it. */
function install(name: string, text: string): void {
  const file = join(scratch, "bin", name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

beforeAll(async () => {
  mkdirSync(join(scratch, "bin"));
  const papillon = `exec "${process.execPath}" "${resolve("dist/cli.js")}"`;
  install("papillon", `${papillon} "$@"`);
  install("srun", 'exec "$@"');
  install("npx", `[ "$1 $2" = "--yes papillon-sim" ] || exit 9\nshift 2\n${papillon} "$@"`);
  const { ended } = start(join(scratch, "bin/papillon"), ["sweep", space, "-o", "local"], scratch);
  const { status, text } = await ended;
  expect(status, text).toBe(0);
  undisturbed = results("local");
});
afterEach(killAll);
afterAll(() => rmSync(scratch, { recursive: true }));

/** Starts all parts at once. */
async function runParts(
  shell: string,
  script: string,
  environment: (part: number) => string,
  args: string,
): Promise<void> {
  const file = join(mkdtempSync(join(scratch, "script-")), "script.sh");
  writeFileSync(file, script);
  const all = Array.from({ length: parts }, (_, part) => {
    const path = `PATH="${join(scratch, "bin")}:$PATH"`;
    return start("sh", ["-c", `env ${path} ${environment(part)} ${shell} "${file}" ${args}`], scratch).ended;
  });
  for (const { status, text } of await Promise.all(all)) expect(status, text).toBe(0);
}

test("docs/clusters/sweep.slurm.sh, as tasks of an array", async () => {
  const script = readFileSync("docs/clusters/sweep.slurm.sh", "utf8");
  const environment = (part: number) =>
    `PARTS=${parts} SLURM_ARRAY_TASK_ID=${part + 1} SLURM_CPUS_PER_TASK=1`;
  await runParts("bash", script, environment, `"${space}" slurm`);
  expect(results("slurm")).toEqual(undisturbed);
});

test("the Slurm script of docs/explore.md, from the folder that it was submitted in", async () => {
  const [, script = ""] = /^```bash\n(#!\/bin\/bash\n[\s\S]*?)^```$/m.exec(docsOn("explore")) ?? [];
  expect(script).toContain("#SBATCH --array");
  const environment = (part: number) =>
    `SLURM_SUBMIT_DIR="${scratch}" SLURM_ARRAY_TASK_ID=${part + 1} SLURM_ARRAY_TASK_COUNT=${parts} SLURM_CPUS_PER_TASK=1`;
  await runParts("bash", script.replace("my-space.yaml", space), environment, "");
  expect(results("results/my-space")).toEqual(undisturbed);
});

test("docs/clusters/sweep.kubernetes.yaml, as pods of an indexed job", async () => {
  const { spec } = parse(readFileSync("docs/clusters/sweep.kubernetes.yaml", "utf8"));
  await runPods(spec, { "/config/space.yaml": space, "/results/space": "pods" });
  expect(results("pods")).toEqual(undisturbed);
});

test("the Kubernetes job of docs/explore.md", async () => {
  const [, manifest = ""] = /^```yaml\n(apiVersion: batch[\s\S]*?)^```$/m.exec(docsOn("explore")) ?? [];
  const { spec } = parse(manifest);
  await runPods(spec, { "/shared/my-space.yaml": space, "/shared/my-space": "explored" });
  expect(results("explored")).toEqual(undisturbed);
});

const docsOn = (page: string): string => readFileSync(`docs/${page}.md`, "utf8");

interface JobSpec {
  readonly completions: number;
  readonly template: {
    readonly spec: { readonly containers: readonly { readonly args: readonly string[] }[] };
  };
}

/** @param mounted where the files of the pods' volumes lie here */
async function runPods(
  { completions, template }: JobSpec,
  mounted: Readonly<Record<string, string>>,
): Promise<void> {
  const [script = ""] = template.spec.containers[0]?.args ?? [];
  expect(script).toContain(`/${completions}`);
  const here = Object.entries(mounted).reduce((text, [there, path]) => text.replace(there, path), script);
  await runParts(
    "sh",
    here.replace(`/${completions}`, `/${parts}`),
    (part) => `JOB_COMPLETION_INDEX=${part}`,
    "",
  );
}
