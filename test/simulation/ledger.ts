import type { LaunchResult } from "../../shared/domain/result.ts";

/** What a host truly measured, written down outside of the programs that are judged. */
interface Attempt {
  readonly result: LaunchResult;
  /** Whose disk keeps it. */
  readonly agent: string;
  /** When its put resolved; null before. */
  durableAtMs: number | null;
  released: boolean;
}

interface RunningLaunch {
  readonly agent: string;
  readonly startMs: number;
}

/** The truth about measurements, and what was found to contradict it. */
export class Ledger {
  readonly attempts = new Map<string, Attempt>();
  readonly violations: string[] = [];
  launches = 0;
  readonly #nowMs: () => number;
  readonly #running = new Map<string, RunningLaunch[]>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  violated(invariant: string, what: string): void {
    this.violations.push(`${invariant}: ${what}`);
  }

  launchStarted(host: string, agent: string): RunningLaunch {
    const launch = { agent, startMs: this.#nowMs() };
    const others = this.#running.get(host) ?? [];
    if (others.length > 0) {
      this.violated(
        "at most one launch runs on a host",
        `${agent} starts one on ${host} while ${others.map((one) => one.agent).join(", ")} measures`,
      );
    }
    this.#running.set(host, [...others, launch]);
    this.launches += 1;
    return launch;
  }

  launchEnded(host: string, launch: RunningLaunch): void {
    const left = (this.#running.get(host) ?? []).filter((one) => one !== launch);
    this.#running.set(host, left);
  }

  putCalled(result: LaunchResult, agent: string): void {
    if (this.attempts.has(result.attemptId)) return;
    this.attempts.set(result.attemptId, { result, agent, durableAtMs: null, released: false });
  }

  putResolved(attemptId: string): void {
    const attempt = this.attempts.get(attemptId);
    if (attempt !== undefined) attempt.durableAtMs ??= this.#nowMs();
  }
}
