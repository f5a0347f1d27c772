import { axisOfRule } from "../rules.ts";
import type { PrunedCells } from "../sweep-plan.ts";

/** Counts the cells that rules take out, by rule and reason, in the order of first use. */
export class PruneTally {
  readonly #counts = new Map<string, PrunedCells & { count: number }>();

  /** `axis` is what to blame, where the rule itself does not say. */
  add(rule: string, reason: string, count: number, axis = axisOfRule(rule)): void {
    if (count === 0) return;
    const key = `${rule}\n${reason}`;
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { rule, reason, count, axis });
    else known.count += count;
  }

  toList(): readonly PrunedCells[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry }));
  }
}
