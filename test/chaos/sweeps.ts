import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { ChaosFleet } from "./chaos-fleet.ts";
import { readEvidence, withProjections } from "./evidence.ts";
import { chaosSweep, type Judged, judge } from "./judge.ts";

const cli = fileURLToPath(new URL("../../dist/coordinator/main.js", import.meta.url));
const run = promisify(execFile);

/** Waits until a coordinator knows so many hosts. */
export async function untilConnected(fleet: ChaosFleet, count: number): Promise<void> {
  const [port] = fleet.coordinatorPorts;
  const words = ["hosts", "--coordinator", `127.0.0.1:${port}`];
  for (;;) {
    const listed = await run(process.execPath, [cli, ...words], { timeout: 20_000 }).catch(
      // Nobody listens yet.
      () => ({ stdout: "" }),
    );
    if ((listed.stdout.match(/^host-\d+ /gm) ?? []).length >= count) return;
    await wait(200);
  }
}

/** The first sweep needs hosts that are there. */
export async function submitUntilTaken(
  fleet: ChaosFleet,
  directory: string,
  limitMs: number,
): Promise<void> {
  const endMs = performance.now() + limitMs;
  for (let n = 1; ; n += 1) {
    try {
      await submit(fleet, directory, n);
      return;
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await wait(500);
    }
  }
}

export async function submit(
  { coordinatorPorts, acknowledged }: Pick<ChaosFleet, "coordinatorPorts" | "acknowledged">,
  directory: string,
  n: number,
): Promise<void> {
  const file = join(directory, `sweep-${n}.yaml`);
  await writeFile(file, sweepFile(n));
  const port = coordinatorPorts[n % coordinatorPorts.length];
  const words = ["run", file, "--detach", "--coordinator", `127.0.0.1:${port}`];
  const { stdout } = await run(process.execPath, [cli, ...words], { timeout: 20_000 });
  acknowledged.add(stdout.trim());
}

/** What {@link chaosSweep} says, on every host that is there. */
function sweepFile(n: number): string {
  return `
name: chaos-${n}
axes:
  runner: receipt
  model: nothing
  batch_size: [1, 2, 4]
  sequence_length: [8, 16]
  placement: one-socket
  cores: 1
method:
  precision: quick
  launches: ${chaosSweep.launches}
  min_seconds: 0.01
  max_seconds: 0.05
  warmup_max_seconds: 0.05
`;
}

/**
 * Waits until everything is over and in the log, then asks the coordinators what they count; when the time
 * is over, says what is wrong still.
 */
export async function untilEnded(fleet: ChaosFleet, limitMs: number): Promise<Judged> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const evidence = await readEvidence(fleet);
    const judged = judge(evidence);
    if (judged.violations.length === 0) return judge(await withProjections(evidence, fleet));
    if (performance.now() > endMs) return judged;
    await wait(1_000);
  }
}
