import { sha256 } from "../../shared/runtime/random-id.ts";
import type { HostFacts } from "../sessions.ts";

const limits = {
  /** Shorter parts cost no more than to look for them. */
  leastChars: 256,
  /** A dozen parts a host, of some hundred classes of hosts; what was not met for longest goes first. */
  parts: 1_024,
} as const;

/**
 * Keeps what the facts of hosts have in common once: a host of two packages has some 100 KiB of cores, caches and
 * declarations, and those of ten thousand hosts of one kind are the same, but for what comes and goes in them.
 */
export class FactsPool {
  readonly #parts = new Map<string, unknown>();

  /** The same facts, with parts that other hosts may have as well. */
  share<Facts extends Pick<HostFacts, "topology" | "runners">>(facts: Facts): Facts {
    const { topology, runners } = facts;
    const parts = Object.entries(topology).map(([name, part]) => [name, this.#shared(part)]);
    return {
      ...facts,
      topology: Object.fromEntries(parts) as unknown as HostFacts["topology"],
      runners: runners.map((declaration) => this.#shared(declaration)),
    };
  }

  #shared<Part>(part: Part): Part {
    if (typeof part !== "object" || part === null) return part;
    const text = JSON.stringify(part);
    if (text.length < limits.leastChars) return part;
    const key = sha256(text);
    const known = (this.#parts.get(key) ?? part) as Part;
    this.#parts.delete(key);
    this.#parts.set(key, known);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > limits.parts && oldest !== undefined) this.#parts.delete(oldest);
    return known;
  }
}
