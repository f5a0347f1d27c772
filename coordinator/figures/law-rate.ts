import type { Fits } from "../analysis/findings.ts";

/**
 * Samples per second on N cores by the law that the data support: γN/(1 + α(N − 1) + βN(N − 1)), where
 * Amdahl's has no β. Null where none was fitted.
 */
export function lawRate({ preferred, usl, amdahl }: Fits): ((cores: number) => number) | null {
  if (preferred === "usl" && usl.parameters !== null) {
    const { rate, contention, coherency } = usl.parameters;
    return lawOf(rate.value, contention.value, coherency.value);
  }
  if (preferred === "amdahl" && amdahl.parameters !== null) {
    const { rate, serialShare } = amdahl.parameters;
    return lawOf(rate.value, serialShare.value, 0);
  }
  return null;
}

function lawOf(
  rate: number | null,
  contention: number | null,
  coherency: number | null,
): ((cores: number) => number) | null {
  if (rate === null || contention === null || coherency === null) return null;
  return (cores) =>
    (rate * cores) / (1 + contention * (cores - 1) + coherency * cores * (cores - 1));
}
