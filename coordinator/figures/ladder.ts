import { countOf } from "../../shared/domain/text-layout.ts";
import type { ClassFindings, HostOffset } from "../analysis/findings.ts";
import type { Metric } from "../analysis/metric.ts";
import { significant } from "../report/numbers.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { Value } from "./figure-spec.ts";
import { limits } from "./limits.ts";
import { logAxis } from "./value-axes.ts";

interface Rung {
  readonly classId: string;
  readonly offset: HostOffset;
  readonly ratio: Value & { readonly n: number };
}

/** Hosts of each class from the fastest to the slowest: who stands apart, and in which facet. */
export const ladder: FigureKind = {
  name: "hosts",
  answers:
    "Which hosts are slower than their class, by how much, and what is different about them?",

  specify({ findings }) {
    const classes = findings.classes.filter((some) => some.ladder.length > 1);
    const rungs = classes.flatMap(climb);
    if (rungs.length === 0)
      return { absent: "no class has two hosts that measured the same cells" };
    const shown = selectRungs(rungs);
    return {
      title: "Host ladder",
      says: describeOutliers(rungs),
      notes: [
        `n = ${countOf(rungs.length, "host")} in ${countOf(classes.length, "class")} (${classes.map(({ classId }) => classId).join(", ")}); each is the median over its cells of its latency over the class's, with a 95 % interval where there is one.`,
        "Right of 1 is slower. Squares are outliers: a robust score above 3.5, more than 2 % away, and most cells agree; it needs six hosts.",
        ...(shown.length < rungs.length
          ? [`${shown.length} of ${rungs.length} hosts are shown: those furthest from their class.`]
          : []),
      ],
      chart: {
        kind: "intervals",
        x: logAxis("latency over that of the class (×)"),
        series: ["within the class", "outlier"],
        guides: [{ axis: "x", at: 1, label: "class" }],
        panels: classes.map(({ classId }) => ({
          title: `class ${classId}`,
          rows: shown
            .filter((rung) => rung.classId === classId)
            .map(({ offset, ratio }) => ({
              label: offset.hostId,
              marks: [{ ...ratio, series: offset.outlier ? 1 : 0 }],
            })),
        })),
      },
      table: {
        columns: ["class", "host", "ratio (×)", "low", "high", "cells", "outlier", "differs in"],
        rows: rungs.map(({ classId, offset, ratio: { value, low, high, n } }) => [
          classId,
          offset.hostId,
          value,
          low,
          high,
          n,
          offset.outlier ? "yes" : "no",
          offset.differs
            .map((facet) => `${facet.name} ${facet.value}, not ${facet.others}`)
            .join("; "),
        ]),
      },
    };
  },
};

function climb({ classId, ladder: offsets }: ClassFindings): Rung[] {
  return offsets
    .flatMap((offset): Rung[] => {
      const ratio = toValue(offset.ratio);
      return ratio === null ? [] : [{ classId, offset, ratio }];
    })
    .sort((a, b) => a.ratio.value - b.ratio.value);
}

function toValue(metric: Metric): (Value & { readonly n: number }) | null {
  if (metric.value === null || !(metric.value > 0)) return null;
  return { value: metric.value, low: metric.low, high: metric.high, n: metric.n };
}

function selectRungs(rungs: readonly Rung[]): readonly Rung[] {
  if (rungs.length <= limits.rows) return rungs;
  const distance = ({ ratio }: Rung): number => Math.abs(Math.log(ratio.value));
  const kept = new Set(rungs.toSorted((a, b) => distance(b) - distance(a)).slice(0, limits.rows));
  return rungs.filter((rung) => kept.has(rung));
}

function describeOutliers(rungs: readonly Rung[]): string {
  const outliers = rungs.filter(({ offset }) => offset.outlier);
  const slowest = rungs.reduce((a, b) => (b.ratio.value > a.ratio.value ? b : a));
  const far = `The slowest host, ${slowest.offset.hostId}, takes ${significant(slowest.ratio.value, 4)} times as long as its class`;
  if (outliers.length === 0) return `${far}; no host is an outlier.`;
  const named = outliers.map(({ offset }) => offset.hostId).join(", ");
  return `${far}. Outliers: ${named}.`;
}
