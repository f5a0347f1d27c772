import { setMaxListeners } from "node:events";
import { Agent } from "../../agent/agent.ts";
import { Link } from "../../agent/link/link.ts";
import { openSpool } from "../../agent/link/spool.ts";
import { makeSpoolPublisher } from "../../agent/link/spool-publisher.ts";
import { shardMeasurer } from "../../agent/measure-shard.ts";
import type { LaunchPlan, LaunchReport } from "../../agent/runner/launch-plan.ts";
import type { MeasureShard } from "../../agent/shard-reporter.ts";
import { SpoolIndex } from "../../agent/spool-index.ts";
import type { AttachResponse__Output } from "../../proto/gen/fleetsweep/v1/AttachResponse.ts";
import type { LaunchOutcome } from "../../shared/domain/result.ts";
import { failure, measured } from "../../shared/testing/outcomes.ts";
import type { HostLock } from "./host-lock.ts";
import { noopCatalogue, noopKnobHost, smallHost } from "./noop-host.ts";
import type { SimCoordinator } from "./sim-coordinator.ts";
import type { SimDisk } from "./sim-disk.ts";
import { simLog } from "./sim-log.ts";
import { SimProcess } from "./sim-process.ts";
import type { World } from "./world.ts";

const spoolDirectory = "/state/spool";

export interface SimAgentPlace {
  /** Of this program; two agents on one host by mistake have two names. */
  readonly name: string;
  readonly hostId: string;
  readonly disk: SimDisk;
  readonly lock: HostLock;
  /** It keeps a stream to every coordinator; else to one, whichever it finds behind a common name. */
  readonly knowsAll: boolean;
}

/** An agent that is started again whenever it ends, as by systemd; what it measures is made up. */
export class SimAgent {
  readonly place: SimAgentPlace;
  process: SimProcess;
  /** The grant that it works on. */
  workingOn: string | null = null;
  readonly #world: World;

  constructor(world: World, place: SimAgentPlace) {
    this.#world = world;
    this.place = place;
    this.process = this.#boot();
  }

  /** kill -9, or with `power` the whole host; and a new start a moment later. */
  kill(why: string, { power = false } = {}): void {
    if (!this.process.alive) return;
    const { trace, scheduler, chance } = this.#world;
    trace.note(this.place.name, `is killed: ${why}`);
    this.process.kill();
    this.workingOn = null;
    if (power) this.place.disk.losePower();
    scheduler.after(chance.between(200, 6_000), () => {
      this.process = this.#boot();
    });
  }

  #boot(): SimProcess {
    const { scheduler, skewOf, trace } = this.#world;
    const process = new SimProcess(this.place.name, scheduler, skewOf(this.place.hostId));
    trace.note(this.place.name, "starts");
    this.#serve(process).catch((error: unknown) => {
      if (process.alive) this.kill(`it ended with ${String(error)}`);
    });
    return process;
  }

  async #serve(process: SimProcess): Promise<void> {
    const { bus, trace, chance, ledger } = this.#world;
    const { hostId, name, disk } = this.place;
    const logger = trace.logger(name);
    const spool = await openSpool(spoolDirectory, { disk: disk.usedBy(process) });
    for (const torn of spool.torn) logger.error(torn, "a damaged result was moved aside");
    for (const attemptId of spool.pending()) ledger.putResolved(attemptId);
    const index = await SpoolIndex.load(spool);
    const { clock } = process;
    const publisher = makeSpoolPublisher({
      spool,
      log: simLog(bus, { process, host: hostId }),
      cellOf: (attemptId) => index.cellOf(attemptId),
      random: chance.unit,
      wait: clock.pause,
      onTrouble: (attemptId, error) => trace.note(name, `publish ${attemptId}: ${String(error)}`),
    });
    const agent = new Agent({
      hostId,
      agentVersion: "1",
      labels: {},
      host: { current: smallHost, refresh: async () => false },
      runners: noopCatalogue.map(({ declaration }) => declaration),
      spool: {
        put: async (result) => {
          ledger.putCalled(result, name);
          await index.put(result);
          ledger.putResolved(result.attemptId);
        },
        remove: (attemptIds) => index.remove(attemptIds),
        launchesOf: (shard) => index.launchesOf(shard),
        shards: () => index.shards(),
        get depth() {
          return index.depth;
        },
        get sizeBytes() {
          return index.sizeBytes;
        },
      },
      publisher,
      instanceId: chance.id(),
      measure: this.#measurer(process),
      logger,
      clock,
    });
    const links = this.#links(process, agent);
    agent.connect((message) => {
      for (const link of links) link.tell(message);
    });
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    await Promise.race([publisher, agent, ...links].map((part) => part.run(signal)));
    throw new Error("a loop ended");
  }

  #links(process: SimProcess, agent: Agent): readonly Link[] {
    const { coordinators } = this.#world;
    if (!this.place.knowsAll) return [this.#link(process, agent, null)];
    return coordinators.map((coordinator) => this.#link(process, agent, coordinator));
  }

  #link(process: SimProcess, agent: Agent, coordinator: SimCoordinator | null): Link {
    const { chance, trace } = this.#world;
    return new Link({
      target: coordinator?.host ?? "any",
      dial: () => this.#world.dial(process, this.place.hostId, coordinator),
      clock: process.clock,
      logger: trace.logger(this.place.name),
      random: chance.unit,
      hello: () => agent.hello(),
      heartbeat: () => agent.heartbeat(),
      onMessage: (message) => {
        this.#heard(message);
        agent.handle(message);
      },
    });
  }

  #heard(message: AttachResponse__Output): void {
    const { trace, checks } = this.#world;
    const { name } = this.place;
    if (message.assign) {
      trace.note(
        name,
        `is assigned ${message.assign.shardId} under ${short(message.assign.grantId)}`,
      );
      checks.assigned(name, message.assign.grantId);
    }
    if (message.withdraw) trace.note(name, `is to drop ${short(message.withdraw.grantId)}`);
    if (message.release) checks.released(name, message.release.attemptIds);
  }

  #measurer(process: SimProcess): MeasureShard {
    const { chance } = this.#world;
    const measure = shardMeasurer({
      journal: { begin: async () => {}, reach: () => {}, end: async () => {} },
      hostId: this.place.hostId,
      topology: () => smallHost,
      catalogue: noopCatalogue,
      knobHost: noopKnobHost,
      randomId: chance.id,
      nowMs: process.nowMs,
      monotonicMs: process.clock.monotonicMs,
      lock: (_onWait, signal) => this.place.lock.take(process, signal),
      waitForQuiet: async () => {},
      launch: (plan, _onProgress, signal) => this.#launch(process, plan, signal),
    });
    return async (assignment, report, signal) => {
      this.workingOn = assignment.grantId;
      await measure(assignment, report, signal);
      if (process.alive) this.workingOn = null;
    };
  }

  async #launch(process: SimProcess, plan: LaunchPlan, signal: AbortSignal): Promise<LaunchReport> {
    const { chance, ledger, trace, checks } = this.#world;
    const { hostId, name } = this.place;
    const twins = this.#world.agents.filter(({ place }) => place.hostId === hostId);
    checks.launching(name, this.workingOn ?? "", twins.length > 1);
    const launch = ledger.launchStarted(hostId, name);
    const end = (): void => ledger.launchEnded(hostId, launch);
    // The kernel ends the runner's processes with the agent.
    process.onKilled(end);
    trace.note(name, `measures ${plan.cells.map(({ cellId }) => cellId).join(", ")}`);
    const outcomes = new Map<string, LaunchOutcome>();
    for (const { cellId } of plan.cells) {
      await process.clock.pause(chance.between(50, 2_500), signal);
      if (signal.aborted) break;
      outcomes.set(cellId, this.#measure());
    }
    end();
    return { outcomes, cancelled: signal.aborted };
  }

  /** A number that no other launch has: what is counted can be traced to the launch that found it. */
  #measure(): LaunchOutcome {
    const { chance, ledger } = this.#world;
    if (chance.odds(0.1)) return failure();
    return measured({ medianNs: ledger.launches * 1_000 + chance.whole(1, 999) });
  }
}

export function short(id: string): string {
  return id.slice(0, 8);
}
