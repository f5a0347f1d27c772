import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { readCounters, subtractTotals } from "../../../agent/runner/counters/registry.ts";
import type { LaunchSystem } from "../../../agent/runner/launch-system.ts";

/** One turn of calls. */
export interface Timing {
  readonly medianNs: number;
  /** CPU time of the process. */
  readonly cpuNsPerCall: number;
  /** How much of the turn others took: the process was ready and waited for its PU, or the PU was stolen. */
  readonly takenShare: number;
}

/** Of a turn, from what the counters rose by during it. */
export function takenShare(
  rose: Readonly<Record<string, number | null>>,
  windowSeconds: number,
): number {
  return ((rose["run_delay_seconds"] ?? 0) + (rose["steal_seconds"] ?? 0)) / windowSeconds;
}

/** A script that times a model by hand under taskset, one turn of calls each time that it is asked. */
export class PlainScript {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #system: LaunchSystem;
  readonly #pu: number;

  constructor(
    { pu, system }: { readonly pu: number; readonly system: LaunchSystem },
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) {
    this.#system = system;
    this.#pu = pu;
    // In a session of its own, as the fleet's runners are: Linux shares a busy PU between sessions.
    const bound = ["--wait", "taskset", "-c", `${pu}`, ...argv];
    this.#child = spawn("setsid", bound, { env: environment, stdio: "pipe" });
    this.#child.stderr.resume();
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async turn(seconds: number): Promise<Timing> {
    const { files } = this.#system;
    const scope = { pids: [this.#child.pid ?? 0], pus: [this.#pu] };
    const before = await readCounters(files, scope);
    const started = performance.now();
    this.#child.stdin.write(`${seconds}\n`);
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error("the script ended");
    const windowSeconds = (performance.now() - started) / 1_000;
    const rose = subtractTotals(await readCounters(files, scope), before);
    const said = JSON.parse(value) as Pick<Timing, "medianNs" | "cpuNsPerCall">;
    return { ...said, takenShare: takenShare(rose, windowSeconds) };
  }

  async end(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.stdin.end();
    await ended;
  }
}
