import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    // Nothing in the tree keeps state: files share what they import, and each core runs files.
    isolate: false,
    maxWorkers: "100%",
    globalSetup: ["test/build.ts"],
    setupFiles: ["test/seed.ts"],
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", "json"],
    outputFile: { json: "results/vitest.json" },
    coverage: { provider: "v8", include: ["src/**/*.ts"] },
  },
});
