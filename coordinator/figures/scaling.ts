import { extent } from "../../shared/stats/extent.ts";
import type { MetricName, ScalingMetric, Study } from "../analysis/findings.ts";
import type { Metric } from "../analysis/metric.ts";
import type { Report } from "../analysis/report.ts";
import { significant } from "../report/numbers.ts";
import { selectHosts } from "./axis-roles.ts";
import { nameCell } from "./cell-names.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { IntervalsChart, Value } from "./figure-spec.ts";
import { selectEvenly } from "./limits.ts";
import { rangeOf } from "./range-words.ts";
import { logAxis } from "./value-axes.ts";

interface ShownMetric {
  readonly title: string;
  /** Penalties are shares of time that is added: as a factor they stand beside the ratios. */
  readonly add: 0 | 1;
}

const gain = (title: string): ShownMetric => ({ title, add: 0 });
const cost = (title: string): ShownMetric => ({ title, add: 1 });

/** Factors of which 1 means "no difference", in the order of panels, with what they compare. */
const shownMetrics: Partial<Record<MetricName, ShownMetric>> = {
  "across-socket-speed-up": gain("across-socket speed-up: best one socket over all sockets"),
  "instance-advantage": gain(
    "instance advantage: throughput of several instances over one on all sockets",
  ),
  "smt-yield": gain("SMT yield: throughput with two threads a core over one"),
  interference: gain("interference: instances together over the same ones alone"),
  "cross-socket-penalty": cost(
    "crossing costs, 1 + χ: time on cores spread over the sockets over as many of one socket",
  ),
  "remote-memory-penalty": cost(
    "remote memory costs, 1 + μ: time with the other socket's memory over its own",
  ),
};

const rowsPerPanel = 18;

interface Entry {
  readonly label: string;
  readonly value: Value & { readonly n: number };
}

/** The defined ratios of scaling with their intervals, workload by workload. */
export const scalingMetrics: FigureKind = {
  name: "scaling",
  answers:
    "What do a second socket, more instances and SMT bring, and what do crossings and remote memory cost?",

  specify(report) {
    const hosts = selectHosts(report);
    const studies = mostGeneral(report.findings.studies, hosts.members);
    const panels = Object.entries(shownMetrics).flatMap(([name, { title, add }]) => {
      const all = studies.flatMap((study) => entriesOf(study, { name, add }, report));
      if (all.length === 0) return [];
      const { members, notes } = selectEvenly(all, rowsPerPanel, `rows of ${name}`);
      return [{ title, all, members, notes }];
    });
    if (panels.length === 0) return { absent: describeAbsence(report) };
    const everything = panels.flatMap(({ all }) => all);
    const counts = everything.map(({ value }) => value.n);
    return {
      title: "Scaling ratios",
      says: describe(panels),
      notes: [
        `n = ${rangeOf(counts, "pair")} of launches (or hosts of a class) a ratio; lines are 95 % intervals.`,
        `Of ${studies.some(({ scope }) => scope.kind === "class") ? "whole classes" : hosts.members.join(", ")}. Right of 1 a gain pays, and a cost is one.`,
        ...panels.flatMap(({ notes }) => notes),
      ],
      chart: {
        kind: "intervals",
        x: logAxis("ratio (×)"),
        series: [],
        guides: [{ axis: "x", at: 1, label: "equal" }],
        panels: panels.map(({ title, members }): IntervalsChart["panels"][number] => ({
          title,
          rows: members.map(({ label, value }) => ({ label, marks: [{ ...value, series: 0 }] })),
        })),
      },
      table: {
        columns: ["ratio", "workload and setting", "value (×)", "low", "high", "n"],
        rows: panels.flatMap(({ title, all }) =>
          all.map(({ label, value: { value, low, high, n } }) => [
            title,
            label,
            value,
            low,
            high,
            n,
          ]),
        ),
      },
    };
  },
};

/** Studies of classes where there are any, else those of the hosts that stand for the others. */
function mostGeneral(studies: readonly Study[], hostIds: readonly string[]): readonly Study[] {
  const classes = studies.filter(({ scope }) => scope.kind === "class");
  return classes.length > 0 ? classes : studies.filter(({ scope }) => hostIds.includes(scope.id));
}

function entriesOf(
  study: Study,
  { name, add }: { readonly name: string; readonly add: 0 | 1 },
  { varying }: Report,
): Entry[] {
  return study.metrics
    .filter((metric: ScalingMetric) => metric.name === name)
    .flatMap(({ figure, at }) => {
      const value = toValue(figure, add);
      if (value === null) return [];
      const cell = { ...study.workload, ...study.setting };
      const where = nameCell(
        cell,
        varying.filter((axis) => cell[axis] !== undefined),
      );
      const place = nameCell(at, Object.keys(at));
      return [{ label: [where, place].filter((text) => text !== "").join(", ") || "all", value }];
    });
}

function toValue(metric: Metric, add: 0 | 1): Entry["value"] | null {
  if (metric.value === null || !(metric.value + add > 0)) return null;
  const { value, low, high, n } = metric;
  const shift = (bound: number | null): number | null => (bound === null ? null : bound + add);
  return { value: value + add, low: shift(low), high: shift(high), n };
}

function describe(panels: readonly { title: string; all: readonly Entry[] }[]): string {
  return panels
    .map(({ title, all }) => {
      const values = all.map(({ value }) => value.value);
      const name = title.split(":")[0] ?? title;
      const [low, high] = extent(values).map((v) => significant(v, 3));
      return low === high ? `${name} ${low}×` : `${name} from ${low}× to ${high}×`;
    })
    .join("; ")
    .replace(/^./, (letter) => letter.toUpperCase())
    .concat(".");
}

function describeAbsence({ findings }: Report): string {
  const reasons = findings.studies.flatMap(({ metrics }) =>
    metrics.flatMap(({ name, figure }) =>
      figure.value === null && Object.hasOwn(shownMetrics, name) ? [figure.reason] : [],
    ),
  );
  return reasons[0] ?? "no cells that such a ratio compares";
}
