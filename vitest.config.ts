import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Whole campaigns run in single tests; no test asserts a time.
    testTimeout: 300_000,
    // By default one processor is left idle: of two that is half.
    maxWorkers: "100%",
    reporters: ["default"],
  },
});
