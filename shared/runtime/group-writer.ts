export interface GroupWriterOptions<Item> {
  /** Makes the items of one group durable, all or none. */
  readonly write: (items: readonly Item[]) => Promise<void>;
  readonly maxItems: number;
}

interface Group<Item> {
  readonly items: Item[];
  /** Settles as the group's write does. */
  readonly written: Promise<void>;
  /** Begins the write; `ended` is called however it ends. */
  readonly write: (ended: () => void) => void;
}

/**
 * Gathers what is to become durable at one time: a sync costs about as much for many as for one. What comes
 * while a group is written joins the next one, and one group is written at a time.
 */
export class GroupWriter<Item> {
  readonly #options: GroupWriterOptions<Item>;
  readonly #waiting: Group<Item>[] = [];
  #writing = false;

  constructor(options: GroupWriterOptions<Item>) {
    this.#options = options;
  }

  /** Resolves when the item's group is durable; rejects with what its write threw. */
  add(item: Item): Promise<void> {
    let group = this.#waiting.at(-1);
    if (group === undefined || group.items.length >= this.#options.maxItems) {
      group = makeGroup(this.#options.write);
      this.#waiting.push(group);
    }
    group.items.push(item);
    this.#begin();
    return group.written;
  }

  #begin(): void {
    if (this.#writing) return;
    this.#writing = true;
    // Behind the caller's own turn: what it adds now belongs to one group.
    queueMicrotask(() => this.#writeNext());
  }

  #writeNext(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#writing = false;
    else next.write(() => this.#writeNext());
  }
}

function makeGroup<Item>(write: GroupWriterOptions<Item>["write"]): Group<Item> {
  const items: Item[] = [];
  let settle = (_how: Promise<void>): void => {};
  const written = new Promise<void>((resolve) => {
    settle = resolve;
  });
  return {
    items,
    written,
    write: (ended) => {
      settle(write(items));
      written.then(ended, ended);
    },
  };
}
