import type { Host } from "../proto/gen/fleetsweep/v1/Host.ts";
import type { Log } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { isCordoned, type LogState, type Sweep } from "../shared/domain/fold.ts";
import { fleetSweep, type LogEvent } from "../shared/domain/log-event.ts";
import type { Topology } from "../shared/domain/topology.ts";
import { unknownTopology } from "../shared/domain/unknown-topology.ts";
import { randomId } from "../shared/runtime/random-id.ts";
import type { Fleet } from "./fleet.ts";
import type { Grants } from "./grants.ts";
import type { KnownHost } from "./known-host.ts";
import { abandon } from "./logic/decide-hosts.ts";
import type { Abandoned, Uncordoned } from "./rpc/operator.ts";

export interface HostDeskDeps {
  readonly coordinator: {
    readonly state: LogState;
    readonly grants: Pick<Grants, "of">;
    folded(seq: number, signal: AbortSignal): Promise<void>;
  };
  readonly fleet: Fleet;
  readonly log: Pick<Log, "append">;
  readonly hostClass: (topology: Topology) => string;
  readonly signal: AbortSignal;
}

/** Answers operators about hosts, and writes into the log what they want of them. */
export class HostDesk {
  readonly #deps: HostDeskDeps;

  constructor(deps: HostDeskDeps) {
    this.#deps = deps;
  }

  /**
   * Hosts that have dialled a coordinator of this log, and those that it says are cordoned, in the order of their
   * ids behind one of them. Described as they are taken: a large host has a long topology.
   */
  *list(afterHostId: string): Iterable<Host> {
    const { fleet, coordinator } = this.#deps;
    const cordoned = [...coordinator.state.hosts.values()].filter(({ cordon }) => cordon !== null);
    const ids = new Set([...fleet.all(), ...cordoned].map(({ hostId }) => hostId));
    for (const hostId of [...ids].filter((id) => id > afterHostId).sort()) {
      const host = fleet.get(hostId);
      yield host === undefined ? this.#describeUnheard(hostId) : this.#describe(host);
    }
  }

  /** One word, or a word with its reason behind a colon. */
  stateOf(hostId: string): string {
    const host = this.#deps.fleet.get(hostId);
    const cordon = this.#deps.coordinator.state.hosts.get(hostId)?.cordon ?? null;
    const isConnected = host?.connected === true;
    const busy = isConnected && host.state !== "idle" ? `, ${host.state}` : "";
    if (cordon !== null) {
      const word = cordon.mode === "drain" ? "draining" : "cordoned";
      // An agent that said idle a heartbeat ago may have begun since: who holds a grant is not drained.
      const mayMeasure = busy !== "" || this.#deps.coordinator.grants.of(hostId).length > 0;
      const isDrained = cordon.mode === "drain" && isConnected && !mayMeasure;
      const away = isConnected ? busy : ", away";
      return `${isDrained ? "drained" : word}${away}: ${cordon.reason}`;
    }
    if (!isConnected) return "away";
    return host.refusal === null ? host.state : `refusing: ${host.refusal}`;
  }

  /** Its state with that. */
  async cordon(hostId: string, how: { drain: boolean; reason: string }): Promise<string> {
    this.#known(hostId);
    const mode = how.drain ? "drain" : "cordon";
    const { reason } = how;
    const by = "operator";
    await this.#append({ type: "cordoned", sweepId: fleetSweep, hostId, mode, by, reason });
    return this.stateOf(hostId);
  }

  async uncordon(hostId: string, reason: string): Promise<Uncordoned> {
    this.#known(hostId);
    const needless = !isCordoned(this.#deps.coordinator.state, hostId);
    // Another coordinator may have cordoned it a moment ago.
    await this.#append({ type: "uncordoned", sweepId: fleetSweep, hostId, reason });
    return { state: this.stateOf(hostId), needless };
  }

  /** Without a host: what all hosts owe that no coordinator hears. */
  async abandon(sweep: Sweep, hostId: string | null, reason: string): Promise<Abandoned> {
    if (sweep.phase !== "open") {
      throw new FleetsweepError("sweep.invalid", `sweep ${sweep.sweepId} is not running`);
    }
    const { fleet } = this.#deps;
    const isMeant = (owner: string): boolean =>
      hostId === null ? fleet.get(owner)?.connected !== true : owner === hostId;
    const owed = [...sweep.shards.values()].filter((shard) => isMeant(shard.hostId));
    if (hostId !== null && owed.length === 0) {
      throw new FleetsweepError("host.not_found", `host ${hostId} has no part in the sweep`);
    }
    const left = owed.filter(({ remaining }) => remaining > 0);
    const cellCount = left.reduce((sum, { remaining }) => sum + remaining, 0);
    for (const shard of left) await this.#append(abandon(shard, reason).event);
    return { shardCount: left.length, cellCount };
  }

  #describeUnheard(hostId: string): Host {
    return {
      hostId,
      state: this.stateOf(hostId),
      topologyJson: JSON.stringify(unknownTopology),
      ...this.#cordonOf(hostId),
    };
  }

  #describe(host: KnownHost): Host {
    const { hostId, facts, connected, progress, heardBy } = host;
    const topology = facts?.topology ?? unknownTopology;
    return {
      hostId,
      state: this.stateOf(hostId),
      agentVersion: facts?.agentVersion ?? "",
      topologyJson: JSON.stringify(topology),
      runners: (facts?.runners ?? []).map((declaration) => ({
        name: declaration.name,
        declarationJson: JSON.stringify(declaration),
      })),
      spoolDepth: host.spoolDepth,
      spoolBytes: host.spoolBytes,
      lastSeenMs: host.lastSeenMs,
      hostClass: facts === null ? "" : this.#deps.hostClass(topology),
      labels: { ...facts?.labels },
      currentSweepId: connected ? (progress?.sweepId ?? "") : "",
      heardBy,
      ...this.#cordonOf(hostId),
    };
  }

  #cordonOf(hostId: string) {
    const cordon = this.#deps.coordinator.state.hosts.get(hostId)?.cordon ?? null;
    if (cordon === null) return {};
    return { cordonMode: cordon.mode, cordonBy: cordon.by, cordonReason: cordon.reason };
  }

  #known(hostId: string): void {
    const { coordinator, fleet } = this.#deps;
    const hasShards = [...coordinator.state.sweeps.values()].some(({ shards }) =>
      [...shards.values()].some((shard) => shard.hostId === hostId),
    );
    if (hasShards || coordinator.state.hosts.has(hostId)) return;
    if (fleet.get(hostId) !== undefined) return;
    throw new FleetsweepError(
      "host.not_found",
      `no host "${hostId}"; \`fleetsweep hosts\` lists them`,
    );
  }

  async #append(event: LogEvent): Promise<void> {
    const { log, coordinator, signal } = this.#deps;
    await coordinator.folded(await log.append(event, { messageId: randomId() }), signal);
  }
}
