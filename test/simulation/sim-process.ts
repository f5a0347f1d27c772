import type { Clock } from "../../shared/runtime/clock.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * One life of a program: what it waits for reaches it only while it is alive, and late while it is
 * stopped. A killed one never hears anything again, so its promises stay where they were: that is all
 * that kill -9 leaves of a program.
 */
export class SimProcess {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #skewMs: number;
  readonly #onKilled: (() => void)[] = [];
  #backlog: (() => void)[] = [];
  #stopped = false;
  #alive = true;

  constructor(name: string, scheduler: Scheduler, skewMs: number) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#skewMs = skewMs;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Runs `action` inside of this program. */
  deliver(action: () => void): void {
    if (!this.#alive) return;
    if (this.#stopped) this.#backlog.push(action);
    else action();
  }

  after(delayMs: number, action: () => void): { cancel(): void } {
    return this.#scheduler.after(delayMs, () => this.deliver(action));
  }

  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#backlog = [];
    for (const told of this.#onKilled) told();
  }

  onKilled(told: () => void): void {
    this.#onKilled.push(told);
  }

  /** As SIGSTOP. */
  stop(): void {
    this.#stopped = true;
  }

  /** As SIGCONT: everything that came meanwhile comes at once, in order. */
  resume(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    for (const action of backlog) this.deliver(action);
  }

  /** The host's wall clock, which may be wrong. */
  nowMs = (): number => Math.round(epochMs + this.#scheduler.nowMs + this.#skewMs);

  readonly clock: Clock = {
    monotonicMs: () => this.#scheduler.nowMs,
    sleep: (ms, signal) => this.#sleep(ms, signal),
    pause: (ms, signal) => this.#sleep(ms, signal).catch(() => {}),
  };

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const timer = this.after(ms, () => {
        signal.removeEventListener("abort", abort);
        resolve();
      });
      const abort = (): void => {
        timer.cancel();
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
    });
  }
}

/** Some day; results carry wall clock times. */
const epochMs = 1_700_000_000_000;
