/** Whole networks on systolic machines: CPU time from the planned run to the report. Run: node --import tsx bench/systolic.bench.ts */
import { simulate } from "../src/index.ts";
import { plan } from "../src/node/plan.ts";

for (const hardware of ["tpu-v1", "gemmini", "edge-tpu"])
  for (const workload of ["resnet-50", "mobilenet-v2", "vgg-16", "vit-b"]) {
    const planned = plan(hardware, workload);
    const cost = (): number => {
      const before = process.cpuUsage();
      simulate(planned);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const [first = 0, ...more] = Array.from({ length: 6 }, cost);
    const best = Math.min(...more);
    console.log(
      hardware.padEnd(10),
      workload.padEnd(14),
      `first ${first.toFixed(0)} ms`,
      `then ${best.toFixed(0)} ms CPU`,
    );
  }
