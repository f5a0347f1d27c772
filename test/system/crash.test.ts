import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { fleetsweep, programsOf, startUp } from "./fleet.ts";

/** 12 cells in 5 launches each, some seconds of work: enough to be in its middle when the axe falls. */
const sweepFile = `
name: crash
axes:
  runner: noop
  model: nothing
  batch_size: [1, 2, 4]
  sequence_length: [8, 16]
  placement: one-socket
  cores: 1
parameters:
  call_us: [200, 400]
method:
  precision: quick
  launches: 5
  min_seconds: 0.05
  max_seconds: 0.1
  warmup_max_seconds: 0.1
`;
const cells = 12;
const launches = 5;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

interface ReportJson {
  sweep: { state: string };
  rows: { cell_id: string; launches: { used: number; invalid: number; failed: number } }[];
  failed: unknown[];
  missing: unknown[];
}

test.each(["agent", "coordinator", "nats-server"])(
  "after kill -9 of the %s in the middle of a sweep and a restart, every launch is counted once",
  async (victim) => {
    const state = join(directory.path, "state");
    const file = join(directory.path, "crash.yaml");
    await writeFile(file, sweepFile);

    const first = await startUp(state);
    const sweepId = await submit(state, file);
    await untilSomeLaunchesCount(state, sweepId);
    const pid = (await programsOf(state))[victim];
    if (pid === undefined) throw new Error(`${victim} does not run`);
    process.kill(pid, "SIGKILL");
    expect(await first.ended).toBe(3);
    expect(first.output.stderr).toContain(`${victim} was ended by SIGKILL`);
    expect(await programsOf(state)).toEqual({});

    const second = await startUp(state);
    await vi.waitFor(
      async () => expect((await fleetsweep(state, "sweeps")).stdout).toMatch(/ done /),
      { timeout: 120_000, interval: 1_000 },
    );
    const report = await fleetsweep(state, "report", sweepId, "-o", "json");
    const { rows, failed, missing } = JSON.parse(report.stdout) as ReportJson;
    expect({ failed, missing }).toEqual({ failed: [], missing: [] });
    expect(new Set(rows.map((row) => row.cell_id)).size).toBe(cells);
    for (const { launches: counts } of rows) {
      // Up to two launches are measured again where the host was disturbed.
      expect(counts.used + counts.invalid).toBeGreaterThanOrEqual(launches);
      expect(counts.used).toBeLessThanOrEqual(launches);
    }
    second.child.kill("SIGINT");
    expect(await second.ended).toBe(130);
    expect(await programsOf(state)).toEqual({});
  },
);

async function submit(state: string, file: string): Promise<string> {
  return await vi.waitFor(
    async () => {
      const { code, stdout, stderr } = await fleetsweep(state, "run", file, "--detach");
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return stdout.trim();
    },
    { timeout: 30_000, interval: 500 },
  );
}

async function untilSomeLaunchesCount(state: string, sweepId: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { stdout } = await fleetsweep(state, "status", sweepId, "-o", "json");
      const { hosts } = JSON.parse(stdout) as { hosts: { launchesDone: number }[] };
      const done = hosts[0]?.launchesDone ?? 0;
      expect(done).toBeGreaterThan(cells / 2);
      expect(done).toBeLessThan(cells * launches);
    },
    { timeout: 60_000, interval: 200 },
  );
}
