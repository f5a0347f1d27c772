import type { Topology } from "../shared/domain/topology.ts";

/** What the host is, as last read; read again between launches only, for reading disturbs them. */
export class HostWatch {
  readonly #read: () => Promise<Topology>;
  #current: Topology;

  private constructor(read: () => Promise<Topology>, first: Topology) {
    this.#read = read;
    this.#current = first;
  }

  static async start(read: () => Promise<Topology>): Promise<HostWatch> {
    return new HostWatch(read, await read());
  }

  get current(): Topology {
    return this.#current;
  }

  /** Reads again; true where something is different, but for memory and pages that come and go. */
  async refresh(): Promise<boolean> {
    const next = await this.#read();
    const changed = stableText(next) !== stableText(this.#current);
    this.#current = next;
    return changed;
  }
}

/** Free pages and free swap change all the time and say nothing of what the host is. */
const fleeting = new Set(["free", "swapFreeBytes"]);

function stableText(topology: Topology): string {
  return JSON.stringify(topology, (key, value: unknown) => (fleeting.has(key) ? null : value));
}
