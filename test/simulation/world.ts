import type { LinkStream } from "../../agent/link/dial.ts";
import { defaultHostPolicy, type HostPolicy } from "../../coordinator/logic/decide-hosts.ts";
import { Chance } from "./chance.ts";
import { Checks } from "./checks.ts";
import { type Fault, faults } from "./faults.ts";
import { HostLock } from "./host-lock.ts";
import { Ledger } from "./ledger.ts";
import { Network } from "./network.ts";
import type { OracleFire } from "./schedule-oracle.ts";
import { Scheduler } from "./scheduler.ts";
import { SimAgent } from "./sim-agent.ts";
import { SimCoordinator } from "./sim-coordinator.ts";
import { SimDisk } from "./sim-disk.ts";
import type { SimBus } from "./sim-log.ts";
import { SimLogServer } from "./sim-log-server.ts";
import { SimOperator } from "./sim-operator.ts";
import type { SimProcess } from "./sim-process.ts";
import { refusedStream, SimStream } from "./sim-stream.ts";
import { Trace } from "./trace.ts";

export interface RunOptions {
  /** Keeps the trace's lines, which costs time. */
  readonly traced?: boolean;
  /** Names of faults that are left out. */
  readonly without?: readonly string[];
}

export interface RunReport {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly hash: number;
  readonly faults: readonly string[];
  readonly simulatedMs: number;
  readonly actions: number;
  readonly entries: number;
  readonly launches: number;
  readonly rollbacks: number;
  readonly trace: readonly string[];
}

/** Everything after the faults must be over within this time: long back-offs and launches included. */
const calmLimitMs = 30 * 60_000;

/** Within this time a coordinator has started, connected, read and written everything. */
const readingMs = 60_000;

/** A whole fleet in one process, from one seed. */
export class World {
  readonly chance: Chance;
  readonly scheduler = new Scheduler();
  readonly trace: Trace;
  readonly ledger: Ledger;
  readonly network: Network;
  readonly bus: SimBus;
  readonly coordinators: SimCoordinator[] = [];
  readonly agents: SimAgent[] = [];
  readonly checks: Checks;
  readonly operator: SimOperator;
  readonly hostIds: readonly string[];
  /** Whether a sweep is started again and again, beside those of the operator. */
  readonly hasSchedule: boolean;
  /** Patience for every size of trouble. */
  readonly policy: HostPolicy;
  readonly size: { readonly shards: number; readonly cells: number };
  readonly #seed: number;
  readonly #faults: readonly Fault[];
  readonly #streams = new Set<SimStream>();
  readonly #skews = new Map<string, number>();

  constructor(seed: number, options: RunOptions) {
    this.#seed = seed;
    this.chance = new Chance(seed);
    const { chance, scheduler } = this;
    this.trace = new Trace(scheduler, options.traced === true);
    const nowMs = (): number => scheduler.nowMs;
    this.ledger = new Ledger(nowMs);
    this.network = new Network(scheduler, chance, {
      minMs: 0.2,
      maxMs: chance.pick([2, 20, 200]),
      slowShare: chance.pick([0, 0, 0.02, 0.1]),
      slowMs: 3_000,
    });
    const possible = faults.filter(({ name }) => options.without?.includes(name) !== true);
    this.#faults = possible.filter(() => chance.odds(0.4));
    const server = new SimLogServer(this, chance.pick([0, 0, 500, 20_000]));
    server.staleShare = chance.pick([0, 0, 0.05]);
    const weather = {
      repeatShare: chance.pick([0, 0.02, 0.2]),
      lateShare: chance.pick([0, 0.02, 0.2]),
      lateMs: 20_000,
    };
    this.bus = { server, network: this.network, scheduler, chance, weather };
    const { ledger, coordinators, agents } = this;
    this.checks = new Checks({ server, ledger, nowMs, coordinators, agents });
    this.policy = {
      lostAfterMs: chance.pick([20_000, 60_000, defaultHostPolicy.lostAfterMs]),
      abandonAfterMs: chance.pick([120_000, defaultHostPolicy.abandonAfterMs]),
      idleAfterMs: chance.pick([10_000, defaultHostPolicy.idleAfterMs]),
    };
    this.size = { shards: chance.whole(1, 3), cells: chance.whole(1, 4) };
    this.hostIds = Array.from({ length: chance.whole(1, 3) }, (_, n) => `h${n + 1}`);
    this.hasSchedule = chance.odds(0.25);
    for (let n = 1; n <= chance.pick([1, 2, 2, 3]); n += 1) {
      coordinators.push(new SimCoordinator(this, `c${n}`));
    }
    for (const hostId of this.hostIds) this.#addHost(hostId);
    this.operator = new SimOperator(this);
  }

  get hosts(): readonly string[] {
    return [...this.coordinators.map(({ host }) => host), ...this.hostIds, "nats", "operator"];
  }

  /** Wall clocks of hosts may be wrong by minutes. */
  skewOf = (host: string): number => {
    const known = this.#skews.get(host);
    if (known !== undefined) return known;
    const skew = this.chance.odds(0.3) ? this.chance.between(-600_000, 600_000) : 0;
    this.#skews.set(host, skew);
    return skew;
  };

  /** A stream to the coordinator, or to some one: that is behind a common name. */
  dial(process: SimProcess, host: string, wanted: SimCoordinator | null): LinkStream {
    const coordinator = wanted ?? this.chance.pick(this.coordinators);
    const { place } = coordinator;
    if (place === null || !this.network.reaches(host, coordinator.host)) {
      return refusedStream(process, this.network.delayMs());
    }
    const stream = new SimStream(this, { process, host }, place);
    this.#streams.add(stream);
    coordinator.accept(stream.call);
    return stream.link;
  }

  breakStreams(): void {
    for (const stream of this.#streams) stream.break();
    this.#streams.clear();
  }

  /** Faults for a while, then none: nothing wrong at any time, and everything done in the end. */
  async run(): Promise<RunReport> {
    const { chance, scheduler, operator, checks, ledger, bus } = this;
    const stormMs = chance.between(20_000, 120_000);
    for (let n = 0; n < chance.whole(1, 3); n += 1) operator.submitSoon(chance.between(0, 20_000));
    if (this.hasSchedule) operator.addSchedule();
    this.#strikeFrom(chance.pick([2_000, 6_000, 15_000]), stormMs);
    await scheduler.run(stormMs, () => ledger.violations.length > 0);
    checks.checkState();
    this.#calm();
    await scheduler.run(stormMs + calmLimitMs, () => this.#isDone());
    checks.checkEnded(operator.sweepIds);
    if (ledger.violations.length === 0) {
      await scheduler.run(scheduler.nowMs + readingMs, () => ledger.violations.length > 0);
      checks.checkReaders();
      checks.checkFires();
    }
    checks.checkState();
    return {
      seed: this.#seed,
      violations: ledger.violations,
      hash: this.trace.hash,
      faults: this.#faults.map(({ name }) => name),
      simulatedMs: scheduler.nowMs,
      actions: scheduler.actions,
      entries: bus.server.lastSeq,
      launches: ledger.launches,
      rollbacks: bus.server.rollbacks,
      trace: this.trace.lines(),
    };
  }

  #addHost(hostId: string): void {
    const lock = new HostLock();
    const twin = this.chance.odds(0.1);
    const knowsAll = this.chance.odds(0.5);
    for (const name of twin ? [hostId, `${hostId}-twin`] : [hostId]) {
      const disk = new SimDisk(this.scheduler, this.chance);
      this.agents.push(new SimAgent(this, { name, hostId, disk, lock, knowsAll }));
    }
  }

  #strikeFrom(meanMs: number, untilMs: number): void {
    const { chance, scheduler } = this;
    if (this.#faults.length === 0) return;
    const next = scheduler.nowMs + chance.around(meanMs);
    if (next >= untilMs) return;
    scheduler.after(next - scheduler.nowMs, () => {
      chance.pick(this.#faults).strike(this);
      this.#strikeFrom(meanMs, untilMs);
    });
  }

  /** The faults end: ways are healed, programs go on, disks have room. Nothing that was lost comes back. */
  #calm(): void {
    const { network, bus, agents, coordinators, checks, scheduler, trace } = this;
    trace.note("faults", "stop");
    checks.calmSinceMs = scheduler.nowMs;
    bus.server.staleShare = 0;
    bus.weather = { ...bus.weather, repeatShare: 0, lateShare: 0 };
    network.healAll();
    for (const { place } of agents) Object.assign(place.disk, { full: false, failing: false });
    for (const { process } of [...coordinators, ...agents]) process.resume();
    this.breakStreams();
    this.operator.uncordonAll();
    if (this.hasSchedule) this.operator.pauseSchedules();
  }

  #isDone(): boolean {
    const { ledger, bus, operator } = this;
    if (ledger.violations.length > 0) return true;
    const { sweeps, schedules } = bus.server.oracle;
    const isOver = (sweepId: string): boolean => {
      const phase = sweeps.get(sweepId)?.phase;
      return phase === "sealed" || phase === "cancelled";
    };
    const fires = [...schedules.values()];
    return operator.sweepIds.every(isOver) && fires.every((one) => hasEnded(one, isOver));
  }
}

/** Nothing more comes of the schedule: it is paused, and every fire that was decided is over. */
function hasEnded(
  { paused, fires }: { paused: boolean; fires: ReadonlyMap<string, OracleFire> },
  isOver: (sweepId: string) => boolean,
): boolean {
  const ended = ([sweepId, { skipped, notStarted }]: readonly [string, OracleFire]): boolean =>
    skipped || notStarted || isOver(sweepId);
  return paused && [...fires].every(ended);
}

/** Runs one seed from its beginning to its end. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<RunReport> {
  return await new World(seed, options).run();
}
