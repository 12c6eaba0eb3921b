import { defineConfig } from "vitest/config";

// Stories start whole processes: two cores hold one of them at a time, so they form a project of their own.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
