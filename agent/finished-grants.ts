/** Enough for whatever a coordinator that is behind with the log may still give again. */
const remembered = 256;

/** The newest of the grants that this agent has worked on to their end, so that a repeated Assign starts nothing. */
export class FinishedGrants {
  readonly #ids = new Set<string>();

  add(grantId: string): void {
    this.#ids.add(grantId);
    const [oldest] = this.#ids;
    if (this.#ids.size > remembered && oldest !== undefined) this.#ids.delete(oldest);
  }

  has(grantId: string): boolean {
    return this.#ids.has(grantId);
  }

  clear(): void {
    this.#ids.clear();
  }
}
