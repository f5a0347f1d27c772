interface Change<Key, Value> {
  readonly next: VersionedMap<Key, Value>;
  readonly key: Key;
  readonly before: Value;
}

/**
 * A map whose values are replaced without a copy: {@link with} gives a new version in constant time, and
 * every older one reads as before. The newest version holds the entries; an older one knows what it
 * differs in, and makes a copy of its own when somebody reads it after all.
 * Baker, "Shallow Binding Makes Functional Arrays Fast", 1991: https://doi.org/10.1145/122598.122614
 */
export class VersionedMap<Key, Value> implements ReadonlyMap<Key, Value> {
  #entries: Map<Key, Value> | null;
  #change: Change<Key, Value> | null = null;

  constructor(entries: Iterable<readonly [Key, Value]>) {
    this.#entries = new Map(entries);
  }

  /** The map with another value under a key that is there. @throws RangeError where it is not. */
  with(key: Key, value: Value): VersionedMap<Key, Value> {
    const entries = this.#own();
    const before = entries.get(key);
    if (before === undefined) throw new RangeError(`no entry ${String(key)}`);
    entries.set(key, value);
    const next = new VersionedMap<Key, Value>([]);
    next.#entries = entries;
    this.#entries = null;
    this.#change = { next, key, before };
    return next;
  }

  get(key: Key): Value | undefined {
    return this.#own().get(key);
  }

  has(key: Key): boolean {
    return this.#own().has(key);
  }

  get size(): number {
    return this.#own().size;
  }

  keys(): MapIterator<Key> {
    return this.#own().keys();
  }

  values(): MapIterator<Value> {
    return this.#own().values();
  }

  entries(): MapIterator<[Key, Value]> {
    return this.#own().entries();
  }

  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.entries();
  }

  forEach(visit: (value: Value, key: Key, map: ReadonlyMap<Key, Value>) => void): void {
    for (const [key, value] of this.#own()) visit(value, key, this);
  }

  #own(): Map<Key, Value> {
    if (this.#entries !== null) return this.#entries;
    const changes: Change<Key, Value>[] = [];
    let newest: Map<Key, Value> | null = null;
    for (let change = this.#change; change !== null; change = change.next.#change) {
      changes.push(change);
      newest = change.next.#entries;
    }
    const entries = new Map(newest);
    for (const { key, before } of changes.reverse()) entries.set(key, before);
    this.#entries = entries;
    this.#change = null;
    return entries;
  }
}
