import { formatCpuList, toCpuSet } from "../../shared/domain/cpuset.ts";

/** Sentences kept for one host; a tree that is damaged everywhere must not make an endless report. */
export const maxWarnings = 100;

/** Collects what was damaged, and folds the same damage on many PUs into one sentence. */
export interface Warnings {
  /** `place` is a path under the root, or a few words; `problem` says what is wrong there. */
  add(place: string, problem: string): void;
  sentences(): readonly string[];
}

interface FoldedWarning {
  readonly place: string;
  readonly problem: string;
  readonly pus: Set<number>;
}

/** The PU in the path of one of its files: .../cpu12/topology/core_id */
const puInPath = /\/cpu(\d{1,9})(?=\/|$)/;

export function makeWarnings(): Warnings {
  const byKey = new Map<string, FoldedWarning>();
  let dropped = 0;
  return {
    add(place, problem) {
      const pu = puInPath.exec(place)?.[1];
      const folded = place.replace(puInPath, "/cpu*");
      const key = `${folded}\n${problem}`;
      const known = byKey.get(key);
      if (known === undefined && byKey.size >= maxWarnings) {
        dropped += 1;
        return;
      }
      const warning = known ?? { place: folded, problem, pus: new Set<number>() };
      if (pu !== undefined) warning.pus.add(Number(pu));
      byKey.set(key, warning);
    },
    sentences() {
      const sentences = [...byKey.values()].map(toSentence);
      return dropped === 0 ? sentences : [...sentences, `${dropped} more warnings are not shown`];
    },
  };
}

function toSentence({ place, problem, pus }: FoldedWarning): string {
  if (pus.size === 0) return `${place}: ${problem}`;
  const list = formatCpuList(toCpuSet(pus));
  return `${place.replace("/cpu*", pus.size === 1 ? `/cpu${list}` : `/cpu{${list}}`)}: ${problem}`;
}
