import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    globalSetup: ["test/build.ts"],
    reporters: process.env["CI"] === undefined ? ["default"] : ["default", "json"],
    outputFile: { json: "results/vitest.json" },
    coverage: { provider: "v8", include: ["src/**/*.ts"] },
  },
});
