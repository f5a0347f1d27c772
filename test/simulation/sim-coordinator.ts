import { setMaxListeners } from "node:events";
import { Coordinator } from "../../coordinator/coordinator.ts";
import { keepFacts } from "../../coordinator/keep-facts.ts";
import { Peers } from "../../coordinator/peers.ts";
import { attachHandler } from "../../coordinator/rpc/attach.ts";
import { Sessions } from "../../coordinator/sessions.ts";
import type { LogHead } from "../../shared/bus/log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { fleetSweep } from "../../shared/domain/log-event.ts";
import { sha256 } from "../../shared/runtime/random-id.ts";
import { simLog, simPeerChannel } from "./sim-log.ts";
import { SimProcess } from "./sim-process.ts";
import { simKeeper } from "./sim-schedule.ts";
import { openSimStore, SimStoreFile } from "./sim-store.ts";
import type { Place, SimCall } from "./sim-stream.ts";
import type { World } from "./world.ts";

type Handler = ReturnType<typeof attachHandler>;

/** A coordinator that is started again whenever it ends, as by systemd. */
export class SimCoordinator {
  readonly host: string;
  readonly store = new SimStoreFile();
  process: SimProcess;
  coordinator: Coordinator | null = null;
  readonly #world: World;
  #handler: Handler | null = null;

  constructor(world: World, host: string) {
    this.#world = world;
    this.host = host;
    this.process = this.#boot(null);
  }

  /** Where agents connect; null while nobody listens. */
  get place(): Place | null {
    return this.process.alive && this.#handler !== null ? this : null;
  }

  accept(call: SimCall): void {
    this.#handler?.(call as unknown as Parameters<Handler>[0]);
  }

  /** kill -9, and a new start a moment later. */
  kill(why: string): void {
    this.#end(why, null);
  }

  /** `rollback`: why the log is another; a program that begins anew by itself still knows it. */
  #end(why: string, rollback: string | null): void {
    if (!this.process.alive) return;
    const { trace, scheduler, chance } = this.#world;
    trace.note(this.host, `is killed: ${why}`);
    this.process.kill();
    this.#handler = null;
    this.coordinator = null;
    scheduler.after(chance.between(200, 4_000), () => {
      this.process = this.#boot(rollback);
    });
  }

  #boot(rollback: string | null): SimProcess {
    const { scheduler, skewOf, trace } = this.#world;
    const process = new SimProcess(this.host, scheduler, skewOf(this.host));
    trace.note(this.host, "starts");
    this.#serve(process, rollback).catch((error: unknown) => {
      const isCorrupt = error instanceof FleetsweepError && error.code === "log.corrupt";
      if (process.alive)
        this.#end(`it ended with ${String(error)}`, isCorrupt ? error.message : null);
    });
    return process;
  }

  async #serve(process: SimProcess, rollback: string | null): Promise<void> {
    const { chance, bus, trace } = this.#world;
    const logger = trace.logger(this.host);
    const log = simLog(bus, { process, host: this.host });
    const head = await log.head();
    const replaced = this.#bind(head, rollback);
    if (replaced !== null) {
      const rollbackId = chance.id();
      const event = {
        type: "rollback",
        sweepId: fleetSweep,
        rollbackId,
        reason: replaced,
      } as const;
      await log.append(event, { messageId: rollbackId });
    }
    const store = openSimStore(this.store, process, this.#world);
    const { nowMs, clock } = process;
    const sessions = new Sessions();
    const shared = { sessions, logger, nowMs, sleep: clock.sleep };
    const peers = new Peers({
      ...shared,
      channel: simPeerChannel(bus, { process, host: this.host }),
      coordinatorId: chance.id(),
      address: () => this.host,
      digest: sha256,
      keep: (facts, observedAtMs) => keepFacts({ store, logger }, facts, observedAtMs),
    });
    const coordinator = new Coordinator({
      ...shared,
      peers,
      log,
      bound: { createdAt: head.createdAt, lastSeq: store.cursor },
      store,
      randomId: chance.id,
      policy: this.#world.policy,
      releaseAfterMs: 0,
    });
    this.coordinator = coordinator;
    this.#handler = attachHandler({ hub: coordinator, logger, nowMs, clock });
    const parts: { run: (signal: AbortSignal) => Promise<void> }[] = [coordinator, peers];
    if (this.#world.hasSchedule) parts.push(simKeeper(this.#world, { coordinator, log, process }));
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    await Promise.race(parts.map((part) => part.run(signal)));
  }

  /** The projection of another log is of no use: it is made anew, and why is returned. */
  #bind({ createdAt, lastSeq }: LogHead, rollback: string | null): string | null {
    const { store } = this;
    const known = store.createdAt ?? createdAt;
    const isOther = known !== createdAt || store.cursor > lastSeq;
    if (rollback === null && !isOther) {
      store.createdAt = createdAt;
      return null;
    }
    store.wipe();
    store.createdAt = createdAt;
    return rollback ?? "the projection was made from another log";
  }
}
