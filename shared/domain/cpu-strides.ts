import { formatCpuList, parseCpuList } from "./cpuset.ts";

/** Runs of fewer PUs are shorter as they stand. */
const minStrideRun = 4;

/**
 * A kernel list with even steps folded: `0,4,8,12` becomes `0-12:4`, which taskset(1) takes. A list
 * that folding does not shorten stays as it is.
 */
export function foldStrides(list: string): string {
  const { cpus } = parseCpuList(list);
  const parts: string[] = [];
  let start = 0;
  let plain: number[] = [];
  const flush = (): void => {
    if (plain.length > 0) parts.push(formatCpuList(plain));
    plain = [];
  };
  while (start < cpus.length) {
    const step = (cpus[start + 1] ?? 0) - (cpus[start] ?? 0);
    let end = start;
    while (end + 1 < cpus.length && (cpus[end + 1] ?? 0) - (cpus[end] ?? 0) === step) end += 1;
    if (step > 1 && end - start + 1 >= minStrideRun) {
      flush();
      parts.push(`${cpus[start]}-${cpus[end]}:${step}`);
      start = end + 1;
    } else {
      // The last PU of a short run may begin the next one.
      const stop = Math.max(step === 1 ? end + 1 : end, start + 1);
      plain.push(...cpus.slice(start, stop));
      start = stop;
    }
  }
  flush();
  const folded = parts.join(",");
  return folded.length < list.length ? folded : list;
}
