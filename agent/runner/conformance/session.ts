import type { CatalogueEntry } from "../../runners/catalogue-entry.ts";
import type { ArrivalMessage, RunnerMessage } from "../contract.ts";
import { contractLimits, contractVersion } from "../contract.ts";
import { RunnerInstance } from "../instance.ts";
import type { LaunchSystem } from "../launch-system.ts";
import { takeStamp } from "../stamp.ts";

export interface CheckRequest {
  readonly entry: CatalogueEntry;
  readonly model: string;
  readonly mode: string;
  readonly dtype: string;
  readonly sequenceLength: number | null;
  /** For one message: a model may take long to load. */
  readonly timeoutMs: number;
}

export interface CheckDeps {
  readonly system: LaunchSystem;
  readonly signal: AbortSignal;
}

export interface CellOptions {
  readonly arrival?: ArrivalMessage;
  readonly runOn?: boolean;
  readonly minMs?: number;
  readonly maxMs?: number;
}

/** Short enough to be waited for, long enough to see a rule broken. */
export const checkTimes = {
  minCalls: 8,
  maxCalls: contractLimits.calls,
  minMs: 100,
  maxMs: 3_000,
} as const;

/** The environment of a launch without knobs. */
const environment = {
  PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
  LC_ALL: "C.UTF-8",
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
} as const;

/** What a program that has just been started may need to end, on a host at rest. */
const leastEndMs = 5_000;

/** One process of the program that is checked. */
export class CheckSession {
  readonly instance: RunnerInstance;
  #startMs = 0;
  readonly #request: CheckRequest;
  readonly #deps: CheckDeps;

  constructor(request: CheckRequest, deps: CheckDeps) {
    this.#request = request;
    this.#deps = deps;
    const child = deps.system.spawn(request.entry.argv, environment);
    this.instance = new RunnerInstance(child, 0, () => takeStamp(deps.system));
  }

  /** Sends `start` and waits for what comes. @throws LaunchFault */
  async start(): Promise<RunnerMessage> {
    const { entry, model: name, mode, dtype } = this.#request;
    const source = entry.models[name];
    const parameters = Object.entries(entry.declaration.parameters);
    this.instance.send({
      type: "start",
      contract: contractVersion,
      instance: 0,
      instances: 1,
      pus: [0],
      threads: 1,
      mode,
      dtype,
      model:
        source?.kind === "file"
          ? { kind: "file", name, path: source.path }
          : { kind: "built-in", name },
      parameters: Object.fromEntries(parameters.map(([key, value]) => [key, value.default])),
      seed: 1,
    });
    const sentNs = this.nowNs();
    const message = await this.next();
    this.#startMs = Number(this.nowNs() - sentNs) / 1e6;
    return message;
  }

  /** How long it may take to end: longer for one that took long to start, for then the host is busy. */
  get endMs(): number {
    return leastEndMs + Math.ceil(this.#startMs);
  }

  /** Sends `prepare` and waits for what comes. @throws LaunchFault */
  async prepare(cell: string, options: CellOptions = {}): Promise<RunnerMessage> {
    const { arrival = { pattern: "closed" }, runOn = false } = options;
    this.instance.send({
      type: "prepare",
      cell,
      batch_size: 1,
      sequence_length: this.#request.sequenceLength,
      warmup: { max_ms: 500 },
      timed: {
        min_calls: checkTimes.minCalls,
        max_calls: checkTimes.maxCalls,
        min_ms: options.minMs ?? checkTimes.minMs,
        max_ms: options.maxMs ?? checkTimes.maxMs,
      },
      arrival,
      run_on: runOn,
    });
    return await this.next();
  }

  go(cell: string, calls?: number): void {
    this.instance.send({ type: "go", cell, ...(calls === undefined ? {} : { calls }) });
  }

  async next(timeoutMs = this.#request.timeoutMs): Promise<RunnerMessage> {
    return await this.instance.next(timeoutMs, this.#deps.signal);
  }

  nowNs(): bigint {
    return this.#deps.system.nowNs();
  }

  /** Whether the program has ended within the time. */
  async endsWithin(milliseconds: number): Promise<boolean> {
    const timeout = new Promise<false>((resolve) => {
      setTimeout(() => resolve(false), milliseconds).unref();
    });
    return await Promise.race([this.instance.exited.then(() => true), timeout]);
  }

  /** Kills what is left. */
  close(): void {
    if (this.instance.pid !== 0) this.#deps.system.killGroup(this.instance.pid);
  }
}
