import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { startChaosFleet } from "../chaos/chaos-fleet.ts";
import { readEvidence } from "../chaos/evidence.ts";
import { judge } from "../chaos/judge.ts";
import { canMakeNamespaces } from "../chaos/namespace.ts";
import { runChaos } from "../chaos/run-chaos.ts";
import { submitUntilTaken, untilConnected, untilEnded } from "../chaos/sweeps.ts";
import { findClusterServer } from "../support/nats-cluster.ts";

const installed = (await findProgram("nats-server", undefined)) !== undefined;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

describe.each([
  { bus: "one nats-server", natsServers: 1, skip: !installed },
  { bus: "a cluster of three", natsServers: 3, skip: (await findClusterServer()) === undefined },
])("on $bus", ({ natsServers, skip }) => {
  test.skipIf(skip)(
    "kills, stops, cuts and full disks lose nothing, count nothing twice, and every sweep ends",
    async () => {
      const notes: string[] = [];
      const report = await runChaos({
        directory: directory.path,
        seed: 1,
        forMs: 12_000,
        hosts: 5,
        natsServers,
        calmMs: 90_000,
        note: (what) => notes.push(what),
      });
      expect({ violations: report.violations, notes }).toEqual({ violations: [], notes });
      expect(report.oracle.counted.length).toBeGreaterThan(0);
      expect(report.struck.size).toBeGreaterThan(2);
    },
  );
});

const namespaces = canMakeNamespaces();

test.skipIf(!installed || !namespaces)(
  `a host whose wire is pulled measures on, and delivers everything once it is plugged in again${namespaces ? "" : " (needs root and iproute2)"}`,
  async () => {
    const place = join(directory.path, "fleet");
    await mkdir(place);
    const fleet = await startChaosFleet({
      directory: place,
      hosts: 3,
      coordinators: 1,
      namespaces: true,
    });
    try {
      await untilConnected(fleet, 3);
      await submitUntilTaken(fleet, place, 60_000);
      const [cutOff] = fleet.hosts;
      if (cutOff === undefined) throw new Error("no host");
      await untilCounted(fleet, 6);
      cutOff.namespace?.unplug();
      await wait(8_000);
      cutOff.namespace?.plug();
      const { violations, oracle, receipts } = await untilEnded(fleet, 90_000);
      expect(violations).toEqual([]);
      expect(oracle.sweeps.size).toBe(1);
      expect(new Set(oracle.counted.map(({ host }) => host)).size).toBe(3);
      expect(oracle.counted).toHaveLength(receipts);
    } finally {
      await fleet.stop();
    }
  },
);

async function untilCounted(
  fleet: Awaited<ReturnType<typeof startChaosFleet>>,
  count: number,
): Promise<void> {
  for (;;) {
    const { oracle } = judge(await readEvidence(fleet));
    if (oracle.counted.length >= count) return;
    await wait(200);
  }
}
