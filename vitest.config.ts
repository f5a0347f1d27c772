import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { TallyReporter } from "./test/tally-reporter.ts";

/** `unit` needs no process; `system` starts real programs, so its files run one after another. */
export default defineConfig({
  test: {
    passWithNoTests: false,
    reporters: ["default", new TallyReporter((line) => process.stdout.write(`${line}\n`))],
    projects: [
      {
        test: {
          name: "unit",
          include: ["{agent,coordinator,shared}/**/*.test.ts", "test/*.test.ts"],
          exclude: ["test/system/**"],
          testTimeout: 30_000,
          benchmark: { include: [] },
        },
      },
      {
        test: {
          name: "system",
          include: ["test/system/**/*.test.ts"],
          globalSetup: ["test/system/build.ts"],
          // Two runs of the tests on one machine do not wait for one another's launches.
          env: { FLEETSWEEP_LAUNCH_LOCK: join(tmpdir(), `fleetsweep-test-launch-${process.pid}`) },
          testTimeout: 180_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          benchmark: { include: [] },
        },
      },
      {
        test: {
          name: "bench",
          include: [],
          benchmark: { include: ["test/bench/**/*.bench.ts"] },
          fileParallelism: false,
        },
      },
    ],
  },
});
