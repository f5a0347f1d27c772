/** PU numbers as the kernel counts them: ascending, each once. */
export type CpuSet = readonly number[];

/**
 * No kernel numbers CPUs beyond this: CONFIG_NR_CPUS ends at 8192 on x86, and the largest known
 * machines stay under 64 Ki. A list that goes beyond is damaged, and expanding it would not end.
 */
export const maxPuId = 65_535;

/** The text holds something that is no list of PUs; `item` is the first such piece. */
export interface CpuListProblem {
  readonly item: string;
}

export interface ParsedCpuList {
  readonly cpus: CpuSet;
  /** Pieces that were skipped, in order; empty for a well-formed list. */
  readonly problems: readonly CpuListProblem[];
}

/** A piece longer than this is cut in messages. */
const shownItemLength = 40;

/**
 * Parses the kernel's list format: `0-3,8`, strides such as `0-62:2`, blanks and NUL bytes around
 * items, unsorted or repeated items, the empty list and `(null)`. Never expands beyond {@link maxPuId}.
 * https://docs.kernel.org/admin-guide/kernel-parameters.html#cpu-lists
 */
export function parseCpuList(text: string): ParsedCpuList {
  const cpus = new Set<number>();
  const problems: CpuListProblem[] = [];
  for (const raw of text.split(",")) {
    const item = raw.replaceAll("\0", "").trim();
    if (item === "" || item === "(null)") continue;
    if (!addItem(cpus, item)) problems.push({ item: item.slice(0, shownItemLength) });
  }
  return { cpus: toCpuSet(cpus), problems };
}

/** Adds one `n`, `a-b` or `a-b:s`; false where it is none of these or leaves the possible range. */
function addItem(cpus: Set<number>, item: string): boolean {
  const match = /^(\d{1,9})(?:-(\d{1,9})(?::(\d{1,9}))?)?$/.exec(item);
  if (match === null) return false;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  const stride = match[3] === undefined ? 1 : Number(match[3]);
  if (last < first || stride < 1 || last > maxPuId) return false;
  for (let pu = first; pu <= last; pu += stride) cpus.add(pu);
  return true;
}

/** Formats in the kernel's canonical list format: ascending, ranges merged, `""` for the empty set. */
export function formatCpuList(cpus: CpuSet): string {
  const ranges: string[] = [];
  let start: number | undefined;
  let previous: number | undefined;
  const flush = (): void => {
    if (start === undefined || previous === undefined) return;
    ranges.push(start === previous ? `${start}` : `${start}-${previous}`);
  };
  for (const pu of cpus) {
    if (previous !== undefined && pu === previous + 1) {
      previous = pu;
      continue;
    }
    flush();
    start = pu;
    previous = pu;
  }
  flush();
  return ranges.join(",");
}

export function toCpuSet(pus: Iterable<number>): CpuSet {
  return [...new Set(pus)].sort((a, b) => a - b);
}

export function intersectCpuSets(a: CpuSet, b: CpuSet): CpuSet {
  const members = new Set(b);
  return a.filter((pu) => members.has(pu));
}

export function subtractCpuSets(a: CpuSet, b: CpuSet): CpuSet {
  const members = new Set(b);
  return a.filter((pu) => !members.has(pu));
}
