import type { Lock } from "../../shared/runtime/lock.ts";
import type { SimProcess } from "./sim-process.ts";

const retryMs = 100;

/** The right to measure on a host: the kernel takes it back from whoever dies. */
export class HostLock {
  #holder: SimProcess | null = null;

  async take(process: SimProcess, signal: AbortSignal): Promise<Lock> {
    while (this.#holder?.alive === true) await process.clock.sleep(retryMs, signal);
    this.#holder = process;
    return {
      release: async () => {
        if (this.#holder === process) this.#holder = null;
      },
    };
  }
}
