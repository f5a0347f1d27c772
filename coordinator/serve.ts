import { join } from "node:path";
import type { Log } from "../shared/bus/log.ts";
import { coordinatorInbox, natsIdentity } from "../shared/bus/nats-identity.ts";
import { connectNatsLog, type Keepers, type NatsLog } from "../shared/bus/nats-log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { hostClass } from "../shared/domain/fingerprint.ts";
import { fleetSweep } from "../shared/domain/log-event.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { type Logger, makeLogger } from "../shared/runtime/logger.ts";
import { type MetricsServer, serveMetrics } from "../shared/runtime/metrics-server.ts";
import { randomId, sha256 } from "../shared/runtime/random-id.ts";
import { readSecret } from "../shared/runtime/secret.ts";
import { sleep } from "../shared/runtime/sleep.ts";
import { openStateDir } from "../shared/runtime/state-dir.ts";
import { Answers } from "./answers.ts";
import { awaitBus } from "./await-bus.ts";
import { type CoordinatorConfig, ownMetrics } from "./config.ts";
import { Coordinator } from "./coordinator.ts";
import { Fleet } from "./fleet.ts";
import { keepFacts } from "./keep-facts.ts";
import { defaultHostPolicy } from "./logic/decide-hosts.ts";
import { fleetMetrics } from "./logic/fleet-metrics.ts";
import { OperatorDesk } from "./operator-desk.ts";
import { Peers } from "./peers.ts";
import { readReport } from "./read-report.ts";
import { syncedAfterMs } from "./releases.ts";
import { serveGrpc } from "./rpc/server.ts";
import { openSchedules, type Schedules } from "./schedules/open-schedules.ts";
import { openSecurity, type Security } from "./security.ts";
import { Sessions } from "./sessions.ts";
import { openBoundProjection } from "./store/bound-projection.ts";
import { TuneDesk } from "./tune-desk.ts";

export interface ServeDeps {
  readonly pid: number;
  /** Told the addresses once agents and operators can connect, and monitoring can ask. */
  readonly onListening: (addresses: Listening) => void;
  /** Told, in words for people, why nobody is served yet. */
  readonly onWaiting?: (reason: string) => void;
  readonly signal: AbortSignal;
}

/** `host:port` for agents and operators, for monitoring, and, where there is an authority, for hosts that join. */
export interface Listening {
  readonly listening: string;
  readonly metrics: string;
  readonly enrolment?: string;
}

/**
 * Runs a coordinator until the signal aborts; everything it knows stands in the log. Where the log lost
 * entries or was made anew, it begins anew as well: a fold of the old one would be wrong.
 */
export async function serveCoordinator(config: CoordinatorConfig, deps: ServeDeps): Promise<void> {
  const logger = makeLogger("coordinator", config.logLevel);
  const lock = await openStateDir(config.state, deps.pid);
  try {
    const security = await openSecurity(config, logger);
    try {
      const { signal, onWaiting = () => {} } = deps;
      await serveSecured({ config, logger, security, signal, onWaiting }, deps.onListening);
    } finally {
      await security?.enrolment.stop();
    }
  } finally {
    await lock.release();
  }
}

async function serveSecured(
  given: Pick<Life, "config" | "logger" | "security" | "signal" | "onWaiting">,
  tell: ServeDeps["onListening"],
): Promise<void> {
  const { config, security, signal } = given;
  const listening = { listen: config.listen, metrics: config.metrics };
  const life: Life = { ...given, rollback: null, ...listening };
  const enrolment = security?.enrolment.address;
  const stop = new AbortController();
  const secured = security?.run(AbortSignal.any([signal, stop.signal]));
  let isFirst = true;
  const onListening = (address: string, metrics: string): void => {
    life.listen = address;
    life.metrics = metrics;
    const addresses = { listening: address, metrics };
    if (isFirst) tell(enrolment === undefined ? addresses : { ...addresses, enrolment });
    isFirst = false;
  };
  try {
    while (!signal.aborted) life.rollback = await serveUntilRollback(life, onListening);
  } finally {
    stop.abort();
    await secured;
  }
}

/** What outlives a rollback. */
interface Life {
  readonly config: CoordinatorConfig;
  readonly logger: Logger;
  readonly security: Security | null;
  readonly signal: AbortSignal;
  readonly onWaiting: (reason: string) => void;
  /** The address to listen on: the one that was taken before, so that agents find it again. */
  listen: string;
  metrics: string;
  /** Why the coordinator begins anew. */
  rollback: string | null;
}

type Closers = (() => Promise<void>)[];

/** Resolves with why the log is not the one it was any more, or when the signal aborts. */
async function serveUntilRollback(
  life: Life,
  onListening: (address: string, metrics: string) => void,
): Promise<string | null> {
  const closers: Closers = [];
  const state: Readiness = { coordinator: null, waitsFor: "starting" };
  try {
    const metrics = await openMetrics(life, state);
    closers.push(() => metrics.close());
    const { coordinator, desk, tunes, schedules, peers } = await openParts(life, state, closers);
    const server = await serveGrpc(life.listen, {
      coordinator,
      desk,
      tunes,
      schedules: schedules.desk,
      logger: life.logger,
      security: life.security?.port,
    });
    closers.push(() => server.stop());
    state.coordinator = coordinator;
    onListening(server.address, metrics.address);
    await runBeside(coordinator, [schedules, peers], life.signal);
    return null;
  } catch (error) {
    // Stopped while it waited for the bus.
    if (life.signal.aborted && state.coordinator === null) return null;
    if (!(error instanceof FleetsweepError && error.code === "log.corrupt")) throw error;
    life.logger.error({ err: error }, "the log is not what it was; beginning anew");
    return error.message;
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** What monitoring is told before there is a coordinator, and by it. */
interface Readiness {
  coordinator: Coordinator | null;
  waitsFor: string;
}

async function openMetrics(life: Life, state: Readiness): Promise<MetricsServer> {
  const metrics = await serveMetrics(life.metrics, {
    metrics: () => [
      ...(state.coordinator === null ? [] : fleetMetrics(state.coordinator.figures())),
      ...ownMetrics(),
    ],
    notReady: () => {
      if (state.coordinator === null) return state.waitsFor;
      return state.coordinator.caughtUp ? null : "the log is not folded yet";
    },
  });
  life.logger.info({ address: metrics.address }, "metrics can be asked for");
  return metrics;
}

/** Until the coordinator ends; what makes the going on of the others impossible ends it too. */
async function runBeside(
  coordinator: Coordinator,
  others: readonly Pick<Schedules, "run">[],
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  const work = [coordinator, ...others].map((part) => part.run(running));
  try {
    await Promise.race(work);
  } finally {
    stop.abort();
    await Promise.allSettled(work);
  }
}

interface Parts {
  readonly coordinator: Coordinator;
  readonly desk: OperatorDesk;
  readonly tunes: TuneDesk;
  readonly schedules: Schedules;
  readonly peers: Peers;
}

async function openParts(life: Life, state: Readiness, closers: Closers): Promise<Parts> {
  const { config, logger, signal, rollback } = life;
  const log = await awaitLog(life, state);
  closers.push(() => log.close());
  if (log.keepers !== null) sayKeepers(log.keepers, logger);
  const file = join(config.state, "projection.duckdb");
  const head = await log.head();
  const { store, replaced } = await openBoundProjection(file, head, rollback);
  closers.push(() => store.close());
  if (replaced !== null) await tellRollback(log, replaced, logger);
  const sessions = new Sessions();
  const shared = { log, store, sessions, logger, randomId, nowMs: Date.now, sleep };
  const peers = new Peers({
    ...shared,
    channel: log.peers,
    coordinatorId: randomId(),
    address: () => life.listen,
    digest: sha256,
    keep: (facts, observedAtMs) => keepFacts(shared, facts, observedAtMs),
  });
  const fleet = new Fleet(sessions, peers);
  const parts = { ...shared, peers, fleet };
  const policy = {
    ...defaultHostPolicy,
    lostAfterMs: config.hostLostSeconds * 1_000,
    abandonAfterMs: config.abandonSeconds * 1_000,
  };
  // The log may be replaced between here and the first entry that is read.
  const bound = { createdAt: head.createdAt, lastSeq: store.cursor };
  const coordinator = new Coordinator({ ...parts, bound, policy, releaseAfterMs: syncedAfterMs });
  const { notifications } = config;
  const schedules = await openSchedules({ ...parts, coordinator, signal, notifications });
  const desk = new OperatorDesk({
    ...parts,
    coordinator,
    hostClass: (topology) => hostClass(topology, {}, sha256),
    report: (request) => readReport(store, request),
    answers: new Answers(store),
    signal,
  });
  const tunes = new TuneDesk({ ...parts, coordinator, signal });
  return { coordinator, desk, tunes, schedules, peers };
}

async function awaitLog(life: Life, state: Readiness): Promise<NatsLog> {
  const { config, logger, signal } = life;
  return await awaitBus(() => openLog(life), {
    clock: systemClock,
    withinMs: config.natsWaitSeconds * 1_000,
    onWait: (reason) => {
      logger.warn({ reason }, "not serving: NATS is away");
      state.waitsFor = `not serving: ${reason}`;
      life.onWaiting(state.waitsFor);
    },
    signal,
  });
}

async function openLog({ config, security, logger }: Life): Promise<NatsLog> {
  return await connectNatsLog({
    servers: config.nats,
    name: "coordinator",
    createStream: true,
    replicas: config.natsReplicas,
    onTrouble: (trouble) => logger.warn({ trouble }, "the bus recovers"),
    ...natsIdentity(config.nats, security?.directory ?? null, coordinatorInbox),
    ...(await readSecret(config.natsTokenFile)),
  });
}

/** What the log outlives, for whoever wonders later. */
function sayKeepers({ serverVersion, replicas }: Keepers, logger: Logger): void {
  const guarantee =
    replicas === 1
      ? "one server keeps the log: it outlives kill -9; what a loss of power takes, agents publish again"
      : `${replicas} servers keep the log: it is written while ${Math.floor(replicas / 2) + 1} of them are there`;
  logger.info({ nats_version: serverVersion, replicas }, guarantee);
}

/** Every agent hears of it, also those that are away now: they publish again what they still keep. */
async function tellRollback(log: Log, reason: string, logger: Logger): Promise<void> {
  const rollbackId = randomId();
  logger.error({ rollback_id: rollbackId, reason }, "the log lost entries; agents publish again");
  const event = { type: "rollback", sweepId: fleetSweep, rollbackId, reason } as const;
  await log.append(event, { messageId: rollbackId });
}
