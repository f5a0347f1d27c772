import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { LaunchLock } from "../../shared/runtime/launch-lock.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { startChaosFleet } from "../chaos/chaos-fleet.ts";
import { canMakeNamespaces } from "../chaos/namespace.ts";
import { submitUntilTaken, untilConnected, untilEnded } from "../chaos/sweeps.ts";
import { cliProgram } from "./fleet.ts";

const installed = (await findProgram("nats-server", undefined)) !== undefined;
const namespaces = canMakeNamespaces();
const where = namespaces ? ", in two network namespaces," : "";

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(() => directory.remove());

test.skipIf(!installed)(
  `two agents of one machine${where} never measure at once, and hosts says for whom they wait`,
  async () => {
    const place = join(directory.path, "fleet");
    await mkdir(place);
    const options = { directory: place, hosts: 2, coordinators: 1, oneMachine: true, namespaces };
    const fleet = await startChaosFleet(options);
    try {
      const file = join(place, "machine.lock");
      const onTrouble = (reason: string): void => expect.unreachable(reason);
      const third = new LaunchLock({ file, holder: "agent third (process 7)", onTrouble });
      const held = await third.take(() => {}, new AbortController().signal);
      await untilConnected(fleet, 2);
      await submitUntilTaken(fleet, place, 60_000);
      await vi.waitFor(
        async () => {
          const listed = await hosts(fleet.coordinatorPorts[0] ?? 0);
          expect(listed.replaceAll(/\s+/g, " ")).toContain(
            "host-1, host-2 are paused: agent third (process 7) measures on this machine",
          );
        },
        { timeout: 60_000, interval: 500 },
      );
      await held.release();
      const { violations, oracle, receipts } = await untilEnded(fleet, 90_000);
      expect(violations).toEqual([]);
      expect(new Set(oracle.counted.map(({ host }) => host)).size).toBe(2);
      expect(receipts).toBeGreaterThan(0);
    } finally {
      await fleet.stop();
    }
  },
);

async function hosts(port: number): Promise<string> {
  const words = [cliProgram, "hosts", "--coordinator", `127.0.0.1:${port}`];
  return (await promisify(execFile)(process.execPath, words)).stdout;
}
