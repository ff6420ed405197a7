/** What needs more than Node: a browser, models of the system's packages. Run by `npm run test:e2e`; slow, one file after the other. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/e2e/**/*.e2e.ts"],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is waited for comes, or the test fails: a machine that is busy is no reason.
    expect: { poll: { timeout: 60_000 } },
    fileParallelism: false,
    globalSetup: ["test/build.ts"],
    setupFiles: ["test/seed.ts"],
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", "json"],
    outputFile: { json: "results/vitest-e2e.json" },
  },
});
