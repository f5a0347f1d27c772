import { Coordinator } from "../../coordinator/coordinator.ts";
import { attachHandler } from "../../coordinator/rpc/attach.ts";
import { Sessions } from "../../coordinator/sessions.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { simLog } from "./sim-log.ts";
import { SimProcess } from "./sim-process.ts";
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
    this.process = this.#boot();
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
    if (!this.process.alive) return;
    const { trace, scheduler, chance } = this.#world;
    trace.note(this.host, `is killed: ${why}`);
    this.process.kill();
    this.#handler = null;
    this.coordinator = null;
    scheduler.after(chance.between(200, 4_000), () => {
      this.process = this.#boot();
    });
  }

  #boot(): SimProcess {
    const { scheduler, skewOf, trace } = this.#world;
    const process = new SimProcess(this.host, scheduler, skewOf(this.host));
    trace.note(this.host, "starts");
    this.#serve(process).catch((error: unknown) => {
      if (process.alive) this.kill(`it ended with ${String(error)}`);
    });
    return process;
  }

  async #serve(process: SimProcess): Promise<void> {
    const { chance, bus, trace } = this.#world;
    const logger = trace.logger(this.host);
    const log = simLog(bus, { process, host: this.host });
    const store = openSimStore(this.store, process, this.#world);
    try {
      await store.bindLog(await log.head());
    } catch (error) {
      if (!(error instanceof FleetsweepError && error.code === "state.unusable")) throw error;
      // What its message tells an operator to do.
      this.store.wipe();
      throw error;
    }
    const { nowMs, clock } = process;
    const coordinator = new Coordinator({
      log,
      store,
      sessions: new Sessions(),
      logger,
      randomId: chance.id,
      nowMs,
      policy: this.#world.policy,
      releaseAfterMs: 0,
      sleep: clock.sleep,
    });
    this.coordinator = coordinator;
    this.#handler = attachHandler({ hub: coordinator, logger, nowMs, clock });
    await coordinator.run(new AbortController().signal);
  }
}
