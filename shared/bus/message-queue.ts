/** Hands values from callbacks to one reader that waits for them; bounded by who fills it. */
export class MessageQueue<Value> {
  readonly #values: Value[] = [];
  #taken = 0;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  push(value: Value): void {
    this.#values.push(value);
    this.#wake?.();
  }

  /** Ends the queue: the reader gets what is there, then the error. */
  fail(error: Error): void {
    this.#failure ??= error;
    this.#wake?.();
  }

  /**
   * The next value; undefined after `timeoutMs` without one.
   * @throws what {@link fail} was given, once no value is left.
   */
  async take(timeoutMs: number): Promise<Value | undefined> {
    if (this.#taken === this.#values.length && this.#failure === undefined) {
      await this.#changed(timeoutMs);
    }
    if (this.#taken < this.#values.length) {
      const value = this.#values[this.#taken];
      this.#taken += 1;
      if (this.#taken === this.#values.length) {
        this.#values.length = 0;
        this.#taken = 0;
      }
      return value;
    }
    if (this.#failure !== undefined) throw this.#failure;
    return undefined;
  }

  async #changed(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }
}
