import { once, setMaxListeners } from "node:events";
import { join } from "node:path";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { channelCredentials } from "../shared/rpc/channel-credentials.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { collectGarbage } from "../shared/runtime/collect-garbage.ts";
import { LaunchLock } from "../shared/runtime/launch-lock.ts";
import { type Logger, makeLogger } from "../shared/runtime/logger.ts";
import { type MetricsServer, serveMetrics } from "../shared/runtime/metrics-server.ts";
import { randomId } from "../shared/runtime/random-id.ts";
import { openStateDir } from "../shared/runtime/state-dir.ts";
import { kindOfFailure, TroubleTally } from "../shared/runtime/trouble-tally.ts";
import { packageVersion } from "../shared/runtime/version.ts";
import { Agent } from "./agent.ts";
import {
  type AgentFlags,
  defaultLaunchLock,
  ownMetrics,
  readAgentFile,
  thisHost,
  toRunnersConfig,
} from "./config.ts";
import { HostIdentity } from "./enrolment/host-identity.ts";
import { makeSysfsReader } from "./host/sysfs-reader.ts";
import { askSystemFacts, systemProgram } from "./host/system-program/ask.ts";
import { readTopology } from "./host/topology.ts";
import { HostWatch } from "./host-watch.ts";
import { readKnobHost } from "./knobs/host.ts";
import { nodeKnobHostProbe } from "./knobs/host-probe.ts";
import { type LaunchState, openLaunchState } from "./launch-state.ts";
import { dialCoordinator } from "./link/dial.ts";
import { launchVariable } from "./link/launch-journal.ts";
import type { LazyLog } from "./link/lazy-log.ts";
import { Link } from "./link/link.ts";
import { openSpool, type Spool } from "./link/spool.ts";
import { makeSpoolPublisher, type SpoolPublisher } from "./link/spool-publisher.ts";
import { agentMetrics } from "./logic/agent-metrics.ts";
import { completeTopology } from "./logic/complete-topology.ts";
import { type MeasureDeps, shardMeasurer } from "./measure-shard.ts";
import { waitForQuiet } from "./noise-gate.ts";
import { offerKnobs } from "./offer-knobs.ts";
import { lazyLog } from "./open-log.ts";
import { runLaunch } from "./runner/launch.ts";
import type { LaunchSystem } from "./runner/launch-system.ts";
import { readCatalogue } from "./runners/catalogue.ts";
import { siblingProgram } from "./runners/program.ts";
import type { MeasureShard } from "./shard-reporter.ts";
import type { SpoolIndex } from "./spool-index.ts";

export interface ServeAgentDeps {
  readonly pid: number;
  readonly onReady: (hostId: string) => void;
  /** Asks the agent to stop: it finishes its launch within `--stop-within`. */
  readonly signal: AbortSignal;
  /** Ends it at once: whoever started it is gone. */
  readonly orphaned: AbortSignal;
}

/** Runs this host's agent until the signal aborts. */
export async function serveAgent(flags: AgentFlags, deps: ServeAgentDeps): Promise<void> {
  const file = await readAgentFile(flags.config);
  const logger = makeLogger("agent", flags.logLevel);
  const lock = await openStateDir(flags.state, deps.pid);
  const closers: (() => Promise<void>)[] = [() => lock.release()];
  try {
    const who = { hostId: file.host_id, nowMs: Date.now, logger };
    const identity = await HostIdentity.open({ ...flags, ...who });
    const log = lazyLog(flags, { identity, hostId: file.host_id, logger });
    closers.push(() => log.close());
    const spool = await openSpool(join(flags.state, "spool"));
    for (const torn of spool.torn) logger.error(torn, "a damaged result was moved aside");
    const state = await openLaunchState({ directory: flags.state, spool, logger, file });
    const publisher = publishTo(log, { spool, index: state.index }, logger);
    const agent = await makeAgent({
      file,
      publisher,
      logger,
      pid: deps.pid,
      launchLock: flags.launchLock ?? defaultLaunchLock(),
      ...state,
    });
    const links = flags.coordinator.map((target) => makeLink({ target, identity }, agent, logger));
    agent.connect((message) => {
      for (const link of links) link.tell(message);
    });
    const metrics = await openMetrics(flags.metrics, agent, links);
    closers.push(async () => metrics?.close());
    deps.onReady(file.host_id);
    const loops: ((signal: AbortSignal) => Promise<void>)[] = [
      (s) => publisher.run(s),
      (s) => agent.run(s),
      (s) => runLinks(links, s),
    ];
    if (identity !== null) loops.push((s) => identity.run(systemClock, s));
    await runTogether(loops, {
      signal: deps.signal,
      orphaned: deps.orphaned,
      finish: (bound) => finish(agent, publisher, bound),
      stopWithinMs: flags.stopWithin * 1_000,
    });
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Off unless asked for, and never beyond this host: nothing dials an agent. */
async function openMetrics(
  listen: string | undefined,
  agent: Agent,
  links: readonly Link[],
): Promise<MetricsServer | undefined> {
  if (listen === undefined) return undefined;
  const linksUp = (): number => links.filter(({ isUp }) => isUp).length;
  return await serveMetrics(listen, {
    metrics: () => [...agentMetrics(agent.heartbeat(), linksUp()), ...ownMetrics()],
    notReady: () => (linksUp() > 0 ? null : "no coordinator is connected; what is granted goes on"),
  });
}

/** One for each coordinator: whichever of them is there, the host is known to it and gets its work. */
function makeLink(
  { target, identity }: { readonly target: string; readonly identity: HostIdentity | null },
  agent: Agent,
  logger: Logger,
): Link {
  return new Link({
    target,
    // Asked for at every dial: the certificate is renewed meanwhile.
    dial: (address) => dialCoordinator(address, channelCredentials(identity?.held ?? null)),
    clock: systemClock,
    logger,
    random: Math.random,
    hello: () => agent.hello(),
    heartbeat: () => agent.heartbeat(),
    onMessage: (message) => agent.handle(message),
  });
}

/** A coordinator that speaks no version of ours is done without, while there is another. */
async function runLinks(links: readonly Link[], signal: AbortSignal): Promise<void> {
  const ends = await Promise.allSettled(links.map((link) => link.run(signal)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Lets the launch end and its results go out, within the bound. */
async function finish(agent: Agent, publisher: SpoolPublisher, bound: AbortSignal): Promise<void> {
  await agent.finish(bound);
  await publisher.settled(bound);
}

function publishTo(
  log: LazyLog,
  { spool, index }: { readonly spool: Spool; readonly index: SpoolIndex },
  logger: Logger,
): SpoolPublisher {
  const troubles = new TroubleTally(systemClock.monotonicMs);
  return makeSpoolPublisher({
    spool,
    log,
    cellOf: (attemptId) => index.cellOf(attemptId),
    random: Math.random,
    // A bus that refuses one result refuses all that wait, each again and again.
    onTrouble: (attemptId, error) =>
      troubles.note(kindOfFailure(error), (times) =>
        logger.warn(
          { attempt_id: attemptId, err: error, times },
          "a result was not published; trying again",
        ),
      ),
  });
}

interface AgentParts extends LaunchState {
  readonly file: Awaited<ReturnType<typeof readAgentFile>>;
  readonly publisher: SpoolPublisher;
  readonly logger: Logger;
  readonly pid: number;
  /** The file of the machine's launch lock. */
  readonly launchLock: string;
}

async function makeAgent(parts: AgentParts): Promise<Agent> {
  const { file, publisher, logger, index } = parts;
  const { host_id: hostId, labels } = file;
  const runners = toRunnersConfig(file);
  // First, for it refuses what the host's operator wrote.
  const installed = await readCatalogue(runners);
  const [firmware, knobHost] = await Promise.all([
    askSystemFacts(siblingProgram(systemProgram, runners.nodePath), (reason) =>
      logger.warn({ reason }, "what the system's tools say of this host is not known"),
    ),
    readKnobHost(nodeKnobHostProbe, { scopes: file.launch_scopes }),
  ]);
  const host = await HostWatch.start(async () =>
    completeTopology(await readTopology(makeSysfsReader("/")), firmware),
  );
  const catalogue = offerKnobs(installed, knobHost);
  return new Agent({
    hostId,
    agentVersion: packageVersion(),
    labels,
    host,
    runners: catalogue.map(({ declaration }) => declaration),
    spool: index,
    publisher,
    instanceId: randomId(),
    logger,
    clock: systemClock,
    onRest: collectGarbage,
    measure: measurerOf(parts, { topology: () => host.current, catalogue, knobHost }),
  });
}

function measurerOf(
  { file, logger, pid, journal, launchLock }: AgentParts,
  what: Pick<MeasureDeps, "topology" | "catalogue" | "knobHost">,
): MeasureShard {
  const { host_id: hostId } = file;
  const system = thisHost();
  const lock = new LaunchLock({
    file: launchLock,
    holder: `agent ${hostId} (process ${pid})`,
    onTrouble: (reason) => logger.warn({ reason }, "the launch lock holds in this network alone"),
  });
  return shardMeasurer({
    ...what,
    hostId,
    randomId,
    nowMs: Date.now,
    monotonicMs: systemClock.monotonicMs,
    lock: (onWait, signal) => lock.take(onWait, signal),
    waitForQuiet: (pus, signal) =>
      waitForQuiet(pus, { files: system.files, ...systemClock }, signal),
    journal,
    launch: (plan, { launchId, onProgress }, signal) =>
      runLaunch(plan, {
        system: marked(system, launchId),
        launchId,
        signal,
        onProgress,
        onTrouble: (trouble) => logger.warn(trouble),
      }),
  });
}

/** Every process of a launch carries its id, so that what is left of it can be found. */
function marked(system: LaunchSystem, launchId: string): LaunchSystem {
  return {
    ...system,
    spawn: (argv, environment) =>
      system.spawn(argv, { ...environment, [launchVariable]: launchId }),
  };
}

interface Stopping {
  readonly signal: AbortSignal;
  readonly orphaned: AbortSignal;
  readonly finish: (bound: AbortSignal) => Promise<void>;
  readonly stopWithinMs: number;
}

/** Runs the loops until the agent is to stop or one of them fails, which ends the others. */
async function runTogether(
  loops: readonly ((signal: AbortSignal) => Promise<void>)[],
  { signal, orphaned, finish: finishWork, stopWithinMs }: Stopping,
): Promise<void> {
  const stop = new AbortController();
  const running = AbortSignal.any([orphaned, stop.signal]);
  // Every publish in flight listens for the end, so many listeners are no leak.
  setMaxListeners(0, running);
  const ends = loops.map((loop) => loop(running));
  const asked = untilAborted(AbortSignal.any([signal, running]));
  try {
    await Promise.race([...ends, asked]);
    if (!signal.aborted && !orphaned.aborted) {
      throw new FleetsweepError("program.died", "a loop of the agent ended");
    }
    const bound = AbortSignal.any([running, AbortSignal.timeout(stopWithinMs)]);
    await finishWork(bound);
  } catch (error) {
    if (!signal.aborted && !orphaned.aborted) throw error;
  } finally {
    stop.abort();
    await Promise.allSettled(ends);
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
