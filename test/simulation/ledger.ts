import type { LaunchResult } from "../../shared/domain/result.ts";

/** What a host truly measured, written down outside of the programs that are judged. */
interface Attempt {
  readonly result: LaunchResult;
  /** Whose disk keeps it. */
  readonly agent: string;
  /** When its launch began. */
  readonly startedMs: number;
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
  /** By agent: when its last launch began. */
  readonly #startedMs = new Map<string, number>();

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
    this.#startedMs.set(agent, launch.startMs);
    return launch;
  }

  launchEnded(host: string, launch: RunningLaunch): void {
    const left = (this.#running.get(host) ?? []).filter((one) => one !== launch);
    this.#running.set(host, left);
  }

  putCalled(result: LaunchResult, agent: string): void {
    if (this.attempts.has(result.attemptId)) return;
    const startedMs = this.#startedMs.get(agent) ?? Number.NEGATIVE_INFINITY;
    const attempt = { result, agent, startedMs, durableAtMs: null, released: false };
    this.attempts.set(result.attemptId, attempt);
  }

  putResolved(attemptId: string): void {
    const attempt = this.attempts.get(attemptId);
    if (attempt !== undefined) attempt.durableAtMs ??= this.#nowMs();
  }
}
