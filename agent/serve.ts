import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { connectNatsLog } from "../shared/bus/nats-log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import { lockLaunch } from "../shared/runtime/lock.ts";
import { type Logger, makeLogger } from "../shared/runtime/logger.ts";
import { randomId } from "../shared/runtime/random-id.ts";
import { readSecret } from "../shared/runtime/secret.ts";
import { openStateDir } from "../shared/runtime/state-dir.ts";
import { packageVersion } from "../shared/runtime/version.ts";
import { Agent } from "./agent.ts";
import { type AgentFlags, nodePath, readAgentFile, thisHost } from "./config.ts";
import { makeSysfsReader } from "./host/sysfs-reader.ts";
import { readSystemFacts, systemLibrary } from "./host/system-facts.ts";
import { readTopology } from "./host/topology.ts";
import { HostWatch } from "./host-watch.ts";
import { nodeKnobHostProbe, readKnobHost } from "./knobs/host.ts";
import { dialCoordinator } from "./link/dial.ts";
import { LazyLog } from "./link/lazy-log.ts";
import { Link } from "./link/link.ts";
import { openSpool, type Spool } from "./link/spool.ts";
import { makeSpoolPublisher, type SpoolPublisher } from "./link/spool-publisher.ts";
import { completeTopology } from "./logic/complete-topology.ts";
import { shardMeasurer } from "./measure-shard.ts";
import { waitForQuiet } from "./noise-gate.ts";
import { offerKnobs } from "./offer-knobs.ts";
import { runLaunch } from "./runner/launch.ts";
import { readCatalogue } from "./runners/catalogue.ts";
import { SpoolIndex } from "./spool-index.ts";

export interface ServeAgentDeps {
  readonly pid: number;
  readonly onReady: (hostId: string) => void;
  readonly signal: AbortSignal;
}

/** Runs this host's agent until the signal aborts. */
export async function serveAgent(flags: AgentFlags, deps: ServeAgentDeps): Promise<void> {
  const file = await readAgentFile(flags.config);
  const logger = makeLogger("agent", flags.logLevel);
  const lock = await openStateDir(flags.state, deps.pid);
  const log = lazyLog(flags, logger);
  try {
    const spool = await openSpool(join(flags.state, "spool"));
    for (const torn of spool.torn) logger.error(torn, "a damaged result was moved aside");
    const publisher = publishTo(log, spool, logger);
    const agent = await makeAgent({ file, spool, publisher, logger, pid: deps.pid });
    const link = new Link({
      target: flags.coordinator,
      dial: dialCoordinator,
      clock: systemClock,
      logger,
      random: Math.random,
      hello: () => agent.hello(),
      heartbeat: () => agent.heartbeat(),
      onMessage: (message) => agent.handle(message),
    });
    agent.connect((message) => link.tell(message));
    deps.onReady(file.host_id);
    await runTogether(
      [(s) => publisher.run(s), (s) => agent.run(s), (s) => link.run(s)],
      deps.signal,
    );
  } finally {
    await log.close();
    await lock.release();
  }
}

function lazyLog(flags: AgentFlags, logger: Logger): LazyLog {
  return new LazyLog(async () =>
    connectNatsLog({
      servers: flags.nats,
      name: "agent",
      onTrouble: (trouble) => logger.warn({ trouble }, "the bus recovers"),
      ...(await readSecret(flags.natsTokenFile)),
    }),
  );
}

function publishTo(log: LazyLog, spool: Spool, logger: Logger): SpoolPublisher {
  return makeSpoolPublisher({
    spool,
    log,
    random: Math.random,
    onTrouble: (attemptId, error) =>
      logger.warn(
        { attempt_id: attemptId, err: error },
        "a result was not published; trying again",
      ),
  });
}

interface AgentParts {
  readonly file: Awaited<ReturnType<typeof readAgentFile>>;
  readonly spool: Spool;
  readonly publisher: SpoolPublisher;
  readonly logger: Logger;
  readonly pid: number;
}

async function makeAgent({ file, spool, publisher, logger, pid }: AgentParts): Promise<Agent> {
  const { host_id: hostId, labels } = file;
  const system = thisHost();
  // Before the host is read: a setting that a dead agent left behind is none of the host's own.
  for (const trouble of await system.hostSettings.restoreLeft()) logger.warn(trouble);
  const firmware = await readSystemFacts(systemLibrary);
  const host = await HostWatch.start(async () =>
    completeTopology(await readTopology(makeSysfsReader("/")), firmware),
  );
  const knobHost = await readKnobHost(nodeKnobHostProbe);
  const installed = await readCatalogue({ ...file, nodePath: nodePath() });
  const catalogue = offerKnobs(installed, knobHost);
  return new Agent({
    hostId,
    agentVersion: packageVersion(),
    labels,
    host,
    runners: catalogue.map(({ declaration }) => declaration),
    spool: await SpoolIndex.load(spool),
    publisher,
    instanceId: randomId(),
    logger,
    clock: systemClock,
    measure: shardMeasurer({
      hostId,
      topology: () => host.current,
      catalogue,
      knobHost,
      randomId,
      nowMs: Date.now,
      monotonicMs: systemClock.monotonicMs,
      lock: (signal) => lockLaunch(hostId, pid, signal),
      waitForQuiet: (pus, signal) =>
        waitForQuiet(pus, { files: system.files, ...systemClock }, signal),
      launch: (plan, onProgress, signal) =>
        runLaunch(plan, {
          system,
          signal,
          onProgress,
          onTrouble: (trouble) => logger.warn(trouble),
        }),
    }),
  });
}

/** Runs the loops until the signal aborts or one of them fails, which ends the others. */
async function runTogether(
  loops: readonly ((signal: AbortSignal) => Promise<void>)[],
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const running = AbortSignal.any([signal, stop.signal]);
  // Every publish in flight listens for the end, so many listeners are no leak.
  setMaxListeners(0, running);
  const ends = loops.map((loop) => loop(running));
  try {
    await Promise.race(ends);
    if (!signal.aborted) throw new FleetsweepError("program.died", "a loop of the agent ended");
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stop.abort();
    await Promise.allSettled(ends);
  }
}
