import { join } from "node:path";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { type BusUsersDeps, serverConfigFile, syncBusUsers } from "./bus-users.ts";
import { fileStamp } from "./file-stamp.ts";
import { revocationsFile } from "./revocations.ts";

export interface BusKeeperDeps extends BusUsersDeps {
  readonly clock: Pick<Clock, "pause">;
  readonly logger: Logger;
}

/** How often it is looked whether hosts came or went by other hands: a verb, or another coordinator. */
const pollMs = 1_000;

/** Keeps the users of a nats-server on this host those that the authority knows. */
export class BusKeeper {
  readonly #deps: BusKeeperDeps;
  #seen = "";
  #trouble = "";
  /** Something was written, perhaps, that the server has not read. */
  #mustTell = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: BusKeeperDeps) {
    this.#deps = deps;
  }

  /** Resolves once the server has been told; what fails is logged and tried again at the next look. */
  async sync(): Promise<void> {
    // One at a time: each writes the whole file.
    this.#turn = this.#turn.then(() => this.#sync());
    await this.#turn;
  }

  /** Looks every second, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if ((await this.#look()) !== this.#seen) await this.sync();
      await this.#deps.clock.pause(pollMs, signal);
    }
  }

  async #sync(): Promise<void> {
    const { logger } = this.#deps;
    try {
      const seen = await this.#look();
      if (await syncBusUsers(this.#deps, this.#mustTell))
        logger.info("nats-server was told which hosts may publish");
      this.#seen = seen;
      this.#trouble = "";
      this.#mustTell = false;
    } catch (error) {
      this.#mustTell = true;
      const trouble = String(error);
      if (trouble !== this.#trouble) {
        logger.error({ err: error }, "nats-server does not know which hosts may publish");
      }
      this.#trouble = trouble;
    }
  }

  /** Changes whenever what it depends on does: stats of three places, whatever the number of hosts. */
  async #look(): Promise<string> {
    const { authorityDirectory, directory } = this.#deps;
    const places = [
      join(authorityDirectory, "hosts"),
      revocationsFile(authorityDirectory),
      join(directory, serverConfigFile),
    ];
    const stamps = await Promise.all(places.map((place) => fileStamp(place).catch(() => "")));
    return stamps.join(" ");
  }
}
