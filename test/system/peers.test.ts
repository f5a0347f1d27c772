import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startCli } from "./fleet.ts";
import { makePrograms, type Programs } from "./programs.ts";

const sweepFile = (launches: number): string => `
name: peers
axes:
  runner: noop
  model: nothing
  batch_size: [1, 2]
  placement: one-socket
  cores: 1
parameters:
  call_us: [200]
method:
  precision: quick
  launches: ${launches}
  min_seconds: 0.2
  max_seconds: 0.3
  warmup_max_seconds: 0.1
`;

let programs: Programs;

beforeEach(async () => {
  programs = await makePrograms();
});
afterEach(() => programs.stop());

const slowly = { timeout: 90_000, interval: 300 };

interface ListedHost {
  readonly hostId: string;
  readonly state: string;
  readonly hostClass: string;
  readonly heardBy: string;
  readonly topology: { readonly cores: readonly unknown[] };
}

async function hostsOf(coordinator: string): Promise<readonly ListedHost[]> {
  return JSON.parse(await programs.cli(coordinator, "hosts", "-o", "json")) as ListedHost[];
}

async function statusOf(coordinator: string, sweepId: string) {
  const status = JSON.parse(await programs.cli(coordinator, "status", sweepId, "-o", "json"));
  return status as {
    summary: { state: string; cells: { ok: number; total: number } };
    hosts: { hostId: string; connected: boolean; state: string; launchesDone: number }[];
  };
}

/** One more launch counts, as this coordinator shows it. */
async function untilMeasuredOn(coordinator: string, sweepId: string): Promise<void> {
  const done = async () => (await statusOf(coordinator, sweepId)).hosts[0]?.launchesDone ?? 0;
  const before = await done();
  await vi.waitFor(async () => expect(await done()).toBeGreaterThan(before), slowly);
}

async function linksOf(coordinator: { ready: Record<string, string> }): Promise<string> {
  const metrics = await fetch(`http://${coordinator.ready["metrics"]}/metrics`);
  return /^fleetsweep_hosts\{state="serving"\} (\d+)$/m.exec(await metrics.text())?.[1] ?? "";
}

test("a sweep that is followed through a coordinator goes on through the other when it is killed, and back again", async () => {
  const { url } = await programs.startNats();
  const a = await programs.startCoordinator("a", url);
  const b = await programs.startCoordinator("b", url);
  const [atA = "", atB = ""] = [a, b].map(({ ready }) => ready["listening"]);
  const both = `${atA},${atB}`;
  await programs.startAgent("h1", both, url);
  for (const coordinator of [a, b]) {
    await vi.waitFor(async () => expect(await linksOf(coordinator)).toBe("1"), slowly);
  }
  // It outlasts both deaths, however slow this machine is.
  await writeFile(programs.place("sweep.yaml"), sweepFile(500));
  const words = ["run", programs.place("sweep.yaml"), "--coordinator", both];
  const follower = startCli(programs.place("none"), ...words);
  await vi.waitFor(() => expect(follower.output.stderr).toMatch(/running .*cells/), slowly);
  const sweepId = follower.output.stdout.trim();

  await a.end("SIGKILL");
  await vi.waitFor(() => expect(follower.output.stderr).toContain(`through ${atB}`), slowly);
  await untilMeasuredOn(atB, sweepId);

  const again = await programs.startCoordinator("a", url, atA);
  await vi.waitFor(async () => expect(await linksOf(again)).toBe("1"), slowly);
  await b.end("SIGKILL");
  await vi.waitFor(() => expect(follower.output.stderr).toContain(`through ${atA}`), slowly);
  await untilMeasuredOn(atA, sweepId);
  await programs.cli(both, "cancel", sweepId);
  expect(await follower.ended).toBe(1);
  expect(follower.output.stderr).toContain("cancelled");
  // Neither death cost a launch, and each counts once.
  const { hosts } = await statusOf(both, sweepId);
  expect(hosts).toMatchObject([{ hostId: "h1", failedLaunches: 0 }]);
  const twice =
    "SELECT cell_id FROM results WHERE counted GROUP BY cell_id, launch HAVING count(*) > 1";
  expect(JSON.parse(await programs.cli(both, "sql", twice, "-o", "json"))).toEqual([]);
});

test("any coordinator shows and plans for every host, also for those that only another one hears", async () => {
  const { url } = await programs.startNats();
  const a = await programs.startCoordinator("a", url);
  const b = await programs.startCoordinator("b", url);
  const [atA = "", atB = ""] = [a, b].map(({ ready }) => ready["listening"]);
  await programs.startAgent("h1", atA, url);
  await programs.startAgent("h2", atB, url);
  await vi.waitFor(async () => {
    const [seenByA, seenByB] = [await hostsOf(atA), await hostsOf(atB)];
    expect(seenByA).toMatchObject([
      { hostId: "h1", state: "idle", heardBy: "" },
      { hostId: "h2", state: "idle", heardBy: atB },
    ]);
    expect(seenByB).toMatchObject([
      { hostId: "h1", state: "idle", heardBy: atA },
      { hostId: "h2", state: "idle", heardBy: "" },
    ]);
    // Both are this machine, so whoever is asked finds one class, and the same cores.
    const all = [...seenByA, ...seenByB];
    expect(new Set(all.map(({ hostClass }) => hostClass)).size).toBe(1);
    expect(new Set(all.map(({ topology }) => topology.cores.length)).size).toBe(1);
  }, slowly);
  expect(await programs.cli(atA, "hosts")).toContain(`heard by coordinator ${atB}`);

  await programs.cli(atA, "drain", "h2", "--reason", "new memory");
  await vi.waitFor(async () => {
    expect((await hostsOf(atB))[1]?.state).toBe("drained: new memory");
  }, slowly);
  await programs.cli(atA, "undrain", "h2");

  await writeFile(programs.place("sweep.yaml"), sweepFile(12));
  const sweepId = (await programs.cli(atA, "run", programs.place("sweep.yaml"), "--detach")).trim();
  await vi.waitFor(async () => {
    for (const coordinator of [atA, atB]) {
      const { hosts } = await statusOf(coordinator, sweepId);
      expect(hosts).toMatchObject([
        { hostId: "h1", connected: true, launchesDone: expect.toSatisfy((n: number) => n > 2) },
        { hostId: "h2", connected: true, launchesDone: expect.toSatisfy((n: number) => n > 2) },
      ]);
    }
  }, slowly);

  // What only the dead one heard is away, and what the other one hears goes on.
  await a.end("SIGKILL");
  await vi.waitFor(async () => {
    expect(await hostsOf(atB)).toMatchObject([
      { hostId: "h1", state: "away" },
      { hostId: "h2", state: expect.stringMatching(/^(idle|measuring)/) },
    ]);
  }, slowly);
  await programs.startCoordinator("a", url, atA);
  await vi.waitFor(async () => {
    expect((await statusOf(atB, sweepId)).summary).toMatchObject({
      state: "done",
      cells: { ok: 4, total: 4 },
    });
  }, slowly);
}, 240_000);
