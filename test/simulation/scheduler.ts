import { setImmediate } from "node:timers/promises";

interface Action {
  readonly atMs: number;
  /** Breaks ties in the order of scheduling. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

export interface Scheduled {
  cancel(): void;
}

/**
 * Simulated time. Everything that happens is an action of this queue; between two actions, all that
 * promises have to do is done, and no real time passes. The same actions in the same order give the
 * same run, so a seed is enough to repeat one.
 */
export class Scheduler {
  nowMs = 0;
  actions = 0;
  readonly #heap: Action[] = [];
  #order = 0;

  after(delayMs: number, run: () => void): Scheduled {
    const atMs = this.nowMs + Math.max(0, delayMs);
    const action: Action = { atMs, order: this.#order++, run, cancelled: false };
    this.#push(action);
    return {
      cancel: () => {
        action.cancelled = true;
      },
    };
  }

  /** Runs until `done`, or until the simulated time is over. */
  async run(untilMs: number, done: () => boolean): Promise<void> {
    await setImmediate();
    while (!done()) {
      const next = this.#pop();
      if (next === undefined || next.atMs > untilMs) {
        if (next !== undefined) this.#push(next);
        this.nowMs = untilMs;
        return;
      }
      if (next.cancelled) continue;
      this.nowMs = next.atMs;
      this.actions += 1;
      next.run();
      await settle(this.actions);
    }
  }

  #push(action: Action): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(action);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Action;
      if (!isBefore(action, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = action;
  }

  #pop(): Action | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const [one, other] = [heap[left] as Action, heap[right]];
      const least = other !== undefined && isBefore(other, one) ? right : left;
      const child = heap[least] as Action;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = least;
    }
    heap[at] = last;
    return first;
  }
}

/** Ticks within ticks that a stream needs at most to hand a message on, and some more. */
const rounds = 10;
/** The real event loop has to turn now and then, for the engine to clear away what nobody holds. */
const actionsPerTurn = 200;

/**
 * Lets promises and ticks that follow from an action run. A turn of the event loop would do, but asks
 * the kernel each time for events that cannot come.
 */
async function settle(actions: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
  if (actions % actionsPerTurn === 0) await setImmediate();
}

function isBefore(one: Action, other: Action): boolean {
  return one.atMs === other.atMs ? one.order < other.order : one.atMs < other.atMs;
}
