import { countOf } from "../../shared/domain/text-layout.ts";
import type { PlanComparison } from "./compare-plan.ts";

/** Ids of a kind that are written out; a plan in JSON has them all. */
const shownIds = 6;

/** The counts in one line, then the first ids of what is new, reusable and gone. */
export function formatComparison(
  name: string,
  { fresh, known, reusable, gone }: PlanComparison,
): string {
  const again = reusable === null ? "" : ` (${reusable.length} reusable)`;
  const counts = `${countOf(fresh.length, "new cell")}, ${known.length} known${again}, ${gone.length} no longer there`;
  const lists = [list("new", fresh), list("reusable", reusable ?? []), list("gone", gone)];
  return [`against ${name}: ${counts}`, ...lists.flat()].map((line) => `${line}\n`).join("");
}

function list(title: string, ids: readonly string[]): readonly string[] {
  const more = ids.length - shownIds;
  const lines = ids.slice(0, shownIds).map((id) => `  ${title.padEnd(8)}  ${id}`);
  return more > 0 ? [...lines, `  ${title.padEnd(8)}  and ${more} more`] : lines;
}
