import { setTimeout as sleep } from "node:timers/promises";
import type { RunnerInstance } from "./instance.ts";
import type { LaunchSystem } from "./launch-system.ts";

const limits = {
  /** After `stop`, before the process group is killed. */
  politeMs: 2_000,
  /** After SIGKILL: a process in an uninterruptible wait cannot be waited for without end. */
  killedMs: 5_000,
} as const;

/**
 * Ends every instance and reaps it. The process group is killed even after a clean exit, for a runner
 * may have started programs of its own.
 */
export async function endInstances(
  instances: readonly RunnerInstance[],
  system: LaunchSystem,
  manner: "politely" | "at-once",
): Promise<void> {
  const exits = Promise.all(instances.map((instance) => instance.exited));
  if (manner === "politely") {
    for (const instance of instances) {
      instance.send({ type: "stop" });
      instance.closeInput();
    }
    await within(exits, limits.politeMs);
  }
  for (const { pid } of instances) if (pid !== 0) system.killGroup(pid);
  await within(exits, limits.killedMs);
}

async function within(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const timer = new AbortController();
  const timeout = sleep(milliseconds, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([work, timeout]);
  timer.abort();
}
