import { defineConfig } from "vitest/config";

/** On a real control plane time is the wall's: pods start in seconds, autoscalers look every 15. */
const real = process.env["K8S_WHY_TEST_KUBECONFIG"] !== undefined;

// Stories start whole processes and run many times as fast as the wall: two cores hold one of them at a time, after everything else.
export default defineConfig({
  test: {
    testTimeout: real ? 400_000 : 60_000,
    hookTimeout: real ? 400_000 : 150_000,
    // No verdict on a machine's speed: what fails is what never comes.
    expect: { poll: { timeout: 20_000 } },
    setupFiles: ["test/patience.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "rooms",
          include: ["test/**/*.test.ts"],
          exclude: ["test/story/**"],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "stories",
          include: ["test/story/**/*.test.ts"],
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
