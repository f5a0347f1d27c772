import { pickEvenly } from "../analysis/traces.ts";

/** What one picture can show so that it can still be read; more is selected from, and said. */
export const limits = {
  panels: 12,
  series: 8,
  clusters: 12,
  rows: 40,
  columns: 24,
  hosts: 2,
  bestCells: 40,
} as const;

export interface Selection<Member> {
  readonly members: readonly Member[];
  /** How they were selected; empty where all are there. */
  readonly notes: readonly string[];
}

/** All members, or `count` spread evenly over their order with a sentence that says so. */
export function selectEvenly<Member>(
  members: readonly Member[],
  count: number,
  noun: string,
): Selection<Member> {
  if (members.length <= count) return { members, notes: [] };
  return {
    members: pickEvenly(members, count),
    notes: [`${count} of ${members.length} ${noun} are shown, spread evenly over their order.`],
  };
}
