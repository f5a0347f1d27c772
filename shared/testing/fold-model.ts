import { applyEvent, emptyLogState } from "../domain/fold.ts";
import type { LogEvent } from "../domain/log-event.ts";
import { beginFolded, type Folded, keyOf, step } from "./folded.ts";
import { planned, result, submitted, sweepId } from "./log-events.ts";

/** What a small world may do, each at most so often: that is what makes it small. */
export interface Scope {
  readonly shards: readonly ShardScope[];
  readonly grants: number;
  readonly revokes: number;
  readonly moves: number;
  /** Messages that arrive a second time. */
  readonly repeats: number;
}

interface ShardScope {
  readonly hostId: string;
  readonly movableTo: readonly string[];
  readonly cells: number;
}

export interface Explored {
  readonly states: number;
  readonly steps: number;
  /** The first invariant that broke, with the log that breaks it; null where all hold everywhere. */
  readonly violation: { readonly what: string; readonly log: readonly string[] } | null;
}

type Budget = Omit<Scope, "shards">;

/** One moment: what the fold says, what has arrived (some of it twice), and what may still happen. */
interface Moment {
  readonly folded: number;
  readonly arrived: ReadonlyMap<string, number>;
  readonly budget: Budget;
}

/**
 * Walks through every order in which the messages of a small world may arrive, and holds each state to the
 * invariants of the log; then looks whether the sweep can still be sealed from each of them. What was
 * sent arrives at any later time, in any order, twice or never, so that a coordinator which lags, dies or has
 * rivals, and an agent that is cut off, are nothing but messages that come late. `apply` is the fold.
 * @throws Error where there are more than `maxStates`.
 */
export function explore(scope: Scope, maxStates: number, apply = applyEvent): Explored {
  return new Explorer(scope, maxStates, apply).run();
}

class Explorer {
  readonly #scope: Scope;
  readonly #maxStates: number;
  readonly #apply: typeof applyEvent;
  readonly #folded: Folded[] = [];
  readonly #foldedByKey = new Map<string, number>();
  readonly #folds = new Map<string, number>();
  readonly #moments: Moment[] = [];
  readonly #momentByKey = new Map<string, number>();
  /** How each moment was first come to, for the log of a violation. */
  readonly #cameBy: { readonly from: number; readonly label: string }[] = [];
  readonly #before: number[][] = [];
  readonly #events = new Map<string, LogEvent>();
  #steps = 0;
  #violation: Explored["violation"] = null;

  constructor(scope: Scope, maxStates: number, apply: typeof applyEvent) {
    this.#scope = scope;
    this.#maxStates = maxStates;
    this.#apply = apply;
  }

  run(): Explored {
    const { shards, ...budget } = this.#scope;
    this.#reach({ folded: this.#begin(shards), arrived: new Map(), budget }, -1, "");
    for (let at = 0; at < this.#moments.length && this.#violation === null; at += 1) {
      if (at >= this.#maxStates) throw new Error(`more than ${this.#maxStates} states`);
      this.#leave(at);
    }
    if (this.#violation === null) this.#checkEnds();
    return { states: this.#moments.length, steps: this.#steps, violation: this.#violation };
  }

  #begin(shards: readonly ShardScope[]): number {
    const state = emptyLogState();
    for (const [n, { hostId, movableTo, cells }] of shards.entries()) {
      const shardId = `d${n + 1}`;
      const named = Array.from({ length: cells }, (_, cell) => ({
        cellId: `${shardId}-c${cell + 1}`,
        cell: { batch_size: cell + 1 },
      }));
      applyEvent(state, planned({ shardId, hostId, movableTo, cells: named }));
    }
    applyEvent(state, submitted({ shardCount: shards.length }));
    return this.#keep(beginFolded(state));
  }

  /** Everything that may happen next. */
  #leave(at: number): void {
    const { folded, arrived, budget } = this.#momentAt(at);
    for (const [label, times] of arrived) {
      const event = this.#events.get(label);
      if (event === undefined || times > 1 || budget.repeats === 0) continue;
      this.#arrive(at, { label, event, budget: { ...budget, repeats: budget.repeats - 1 } });
    }
    for (const [event, left] of possible(this.#folded[folded] as Folded, this.#scope, budget)) {
      const label = labelOf(event);
      if (arrived.has(label)) continue;
      this.#events.set(label, event);
      this.#arrive(at, { label, event, budget: left });
    }
  }

  #arrive(
    at: number,
    { label, event, budget }: { label: string; event: LogEvent; budget: Budget },
  ): void {
    const moment = this.#momentAt(at);
    const memo = `${moment.folded} ${label}`;
    const before = this.#folded[moment.folded] as Folded;
    let folded = this.#folds.get(memo);
    if (folded === undefined) {
      const after = step(before, event, this.#apply);
      if (typeof after === "string") {
        this.#violation ??= { what: after, log: [...this.#pathTo(at), label] };
        return;
      }
      folded = this.#keep(after);
      this.#folds.set(memo, folded);
    }
    const arrived = new Map(moment.arrived).set(label, (moment.arrived.get(label) ?? 0) + 1);
    this.#reach({ folded, arrived, budget }, at, label);
  }

  #keep(folded: Folded): number {
    const key = keyOf(folded);
    const known = this.#foldedByKey.get(key);
    if (known !== undefined) return known;
    this.#foldedByKey.set(key, this.#folded.length);
    return this.#folded.push(folded) - 1;
  }

  #reach(moment: Moment, from: number, label: string): void {
    this.#steps += 1;
    const arrived = [...moment.arrived].map(([name, times]) => `${name}=${times}`).sort();
    const key = [moment.folded, ...Object.values(moment.budget), ...arrived].join();
    let at = this.#momentByKey.get(key);
    if (at === undefined) {
      at = this.#moments.push(moment) - 1;
      this.#momentByKey.set(key, at);
      this.#cameBy.push({ from, label });
      this.#before.push([]);
    }
    if (from >= 0) this.#before[at]?.push(from);
  }

  /** From every moment the sweep can still be sealed, but where the scope has no grant left for it. */
  #checkEnds(): void {
    const ends = this.#moments.map(({ folded, budget }) => {
      const phase = this.#folded[folded]?.state.sweeps.get(sweepId)?.phase;
      return phase === "sealed" || budget.grants === 0;
    });
    const reached = ends.flatMap((isEnd, at) => (isEnd ? [at] : []));
    for (let at = reached.pop(); at !== undefined; at = reached.pop()) {
      for (const before of this.#before[at] ?? []) {
        if (ends[before] === true) continue;
        ends[before] = true;
        reached.push(before);
      }
    }
    const stuck = ends.indexOf(false);
    if (stuck >= 0) this.#violation = { what: "the sweep can end", log: this.#pathTo(stuck) };
  }

  #momentAt(at: number): Moment {
    return this.#moments[at] as Moment;
  }

  #pathTo(at: number): string[] {
    const path: string[] = [];
    for (let on = at; on > 0; on = this.#cameBy[on]?.from ?? 0) {
      path.unshift(this.#cameBy[on]?.label ?? "");
    }
    return path;
  }
}

/** Messages that may arrive first at this moment, each with what is left of the budget then. */
function possible(
  { state, opened, accepted }: Folded,
  scope: Scope,
  budget: Budget,
): [LogEvent, Budget][] {
  const found: [LogEvent, Budget][] = [];
  const sweep = state.sweeps.get(sweepId);
  if (sweep === undefined) return found;
  for (const { shardId, hostId, prev, movableTo } of opened) {
    const on = { sweepId, shardId, prev } as const;
    if (budget.grants > 0) {
      const grantId = `g${scope.grants - budget.grants + 1}`;
      const left = { ...budget, grants: budget.grants - 1 };
      found.push([{ type: "grant", ...on, grantId, hostId }, left]);
    }
    for (const next of budget.moves > 0 ? movableTo : []) {
      const left = { ...budget, moves: budget.moves - 1 };
      const way = { fromHostId: hostId, hostId: next, reason: "" };
      found.push([{ type: "moved", ...on, ...way }, left]);
    }
  }
  for (const [grantId, { shardId, hostId }] of accepted) {
    if (budget.revokes > 0) {
      const left = { ...budget, revokes: budget.revokes - 1 };
      found.push([{ type: "revoke", sweepId, shardId, grantId, reason: "" }, left]);
    }
    // An agent measures what it was granted, whatever became of the grant meanwhile.
    for (const cellId of sweep.shards.get(shardId)?.cells.keys() ?? []) {
      const attempt = { attemptId: `${grantId}-${cellId}`, grantId, cellId, shardId, hostId };
      found.push([result({ ...attempt, terminal: "ok" }), budget]);
    }
  }
  for (const { shardId, remaining } of sweep.shards.values()) {
    if (remaining === 0) found.push([{ type: "closed", sweepId, shardId }, budget]);
  }
  if (sweep.closedShards === sweep.shards.size) found.push([{ type: "sealed", sweepId }, budget]);
  return found;
}

function labelOf(event: LogEvent): string {
  if (event.type === "result") return `result ${event.result.attemptId}`;
  const {
    type,
    shardId = "",
    grantId = "",
    prev = "",
    hostId = "",
  } = event as {
    readonly type: string;
    readonly shardId?: string;
    readonly grantId?: string;
    readonly prev?: string | null;
    readonly hostId?: string;
  };
  return [type, shardId, grantId, prev ?? "first", hostId].filter((word) => word !== "").join(" ");
}
