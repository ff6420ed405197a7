/** The files for clusters are well-formed, and ask for what the command has. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const folder = "docs/clusters";
const files = readdirSync(folder);

describe("files for clusters", () => {
  test.each(files.filter((file) => file.endsWith(".sh")))("%s is a script that bash can read", (file) => {
    execFileSync("bash", ["-n", `${folder}/${file}`]);
  });

  test.each(files.filter((file) => file.endsWith(".yaml")))("%s is YAML", (file) => {
    expect(parse(readFileSync(`${folder}/${file}`, "utf8"))).toBeTypeOf("object");
  });

  test("the Slurm script gives each task its part, counted from 1, of all", () => {
    const text = readFileSync(`${folder}/sweep.slurm.sh`, "utf8");
    const stubs = 'srun() { printf "%s\\n" "$*"; }; ';
    const env = { ...process.env, SLURM_ARRAY_TASK_ID: "3", SLURM_CPUS_PER_TASK: "8" };
    const told = execFileSync("bash", ["-c", `${stubs}${text}`, "sweep", "space.yaml", "shared/x"], {
      env,
      encoding: "utf8",
    });
    expect(told).toBe("papillon sweep space.yaml -o shared/x --shard 3/16 --workers 8\n");
  });

  test("the Kubernetes job has as many pods as parts", () => {
    const { spec } = parse(readFileSync(`${folder}/sweep.kubernetes.yaml`, "utf8"));
    expect(spec.completionMode).toBe("Indexed");
    expect(spec.template.spec.containers[0].args[0]).toContain(
      `--shard $((JOB_COMPLETION_INDEX + 1))/${spec.completions}`,
    );
  });
});
