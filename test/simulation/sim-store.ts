import type { HostKeeper } from "../../coordinator/coordinator-deps.ts";
import type { ProjectionWriter } from "../../coordinator/projector.ts";
import type { AttemptReader } from "../../coordinator/releases.ts";
import type { ProjectedEntry } from "../../coordinator/store/rows.ts";
import type { Chance } from "./chance.ts";
import type { Scheduler } from "./scheduler.ts";
import type { SimProcess } from "./sim-process.ts";

/** A projection's file: it outlives its coordinator, and each transaction is all or nothing. */
export class SimStoreFile {
  createdAt: string | null = null;
  entries: ProjectedEntry[] = [];
  /** Attempts that it held at any time, also before it was made anew. */
  readonly heldEver = new Set<string>();

  get cursor(): number {
    return this.entries.at(-1)?.seq ?? 0;
  }

  get cursorStoredAt(): string | null {
    return this.entries.at(-1)?.storedAt ?? null;
  }

  wipe(): void {
    this.createdAt = null;
    this.entries = [];
  }

  write(entries: readonly ProjectedEntry[]): void {
    for (const entry of entries) {
      if (entry.seq <= this.cursor) continue;
      this.entries.push(entry);
      if ("event" in entry && entry.event.type === "result") {
        this.heldEver.add(entry.event.result.attemptId);
      }
    }
  }

  attemptsOf(shard: { sweepId: string; shardId: string }, hostId: string): string[] {
    return this.entries.flatMap((entry) => {
      if (!("event" in entry) || entry.event.type !== "result") return [];
      const { result, sweepId, shardId } = entry.event;
      const isMeant = sweepId === shard.sweepId && shardId === shard.shardId;
      return isMeant && result.hostId === hostId ? [result.attemptId] : [];
    });
  }
}

export type SimStore = ProjectionWriter & AttemptReader & HostKeeper;

/** The file as one life of a coordinator uses it; after its death nothing more is written. */
export function openSimStore(
  file: SimStoreFile,
  process: SimProcess,
  { scheduler, chance }: { scheduler: Scheduler; chance: Chance },
): SimStore {
  let { cursor, cursorStoredAt } = file;
  const act = <Value>(change: () => Value): Promise<Value> =>
    new Promise((resolve) => {
      // A transaction may be on the disk long before its writer hears of it, or its writer is dead.
      const early = chance.odds(0.5);
      const value = early ? change() : undefined;
      scheduler.after(chance.between(1, 25), () => {
        process.deliver(() => resolve(early ? (value as Value) : change()));
      });
    });
  return {
    get cursor() {
      return cursor;
    },
    get cursorStoredAt() {
      return cursorStoredAt;
    },
    async apply(entries) {
      await act(() => file.write(entries));
      ({ cursor, cursorStoredAt } = file);
    },
    attemptsOf: (shard, hostId) => act(() => file.attemptsOf(shard, hostId)),
    putHost: () => act(() => {}),
  };
}
