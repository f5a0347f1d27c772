import type { Log } from "../../shared/bus/log.ts";

/**
 * A log that is connected at its first use, and again after a connect that failed: an agent starts, and
 * measures, whether or not the bus is there.
 */
export class LazyLog implements Pick<Log, "appendEncoded" | "close"> {
  readonly #connect: () => Promise<Log>;
  #connecting: Promise<Log> | null = null;

  constructor(connect: () => Promise<Log>) {
    this.#connect = connect;
  }

  async appendEncoded(...parameters: Parameters<Log["appendEncoded"]>): Promise<number> {
    const log = await this.#connected();
    return await log.appendEncoded(...parameters);
  }

  async close(): Promise<void> {
    // A connect that failed has left nothing to close.
    const log = await this.#connecting?.catch(() => null);
    await log?.close();
  }

  #connected(): Promise<Log> {
    this.#connecting ??= this.#connect().catch((error: unknown) => {
      this.#connecting = null;
      throw error;
    });
    return this.#connecting;
  }
}
