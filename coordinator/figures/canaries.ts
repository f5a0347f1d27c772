import { groupBy } from "../../shared/domain/group-by.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import { logMean } from "../../shared/stats/log-estimate.ts";
import type { CanaryFinding } from "../analysis/canary-finding.ts";
import { pickEvenly } from "../analysis/traces.ts";
import { describeHosts } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, ScatterPoint } from "./figure-spec.ts";
import { limits } from "./limits.ts";
import { rangeOf } from "./range-words.ts";
import { minutesAxis } from "./time-scale.ts";

const maxPanels = 6;
const maxPoints = 400;
const minuteMs = 60_000;

/** A canary with its launches relative to their own mean. */
interface Course {
  readonly canary: CanaryFinding;
  readonly visits: readonly { readonly number: number; readonly points: readonly Point[] }[];
  /** Means of launches in succession. */
  readonly path: readonly Point[];
}

interface Point {
  readonly minutes: number;
  readonly ratio: number;
}

/** The same cell again and again: what moves is the host. */
export const canaries: FigureKind = {
  name: "canaries",
  answers: "Did a host stay as it was, by cells that it measured again and again?",

  specify(report) {
    const measured = report.findings.canaries.filter(({ visits }) => visits.length > 0);
    if (measured.length === 0) return { absent: describeAbsence(report.findings.canaries) };
    const byHost = [...groupBy(measured, ({ hostId }) => hostId)];
    const drifted = ([, own]: (typeof byHost)[number]): number =>
      own.some(({ state }) => state === "drifted") ? 0 : 1;
    const hosts = byHost.toSorted((a, b) => drifted(a) - drifted(b)).slice(0, maxPanels);
    const shown = hosts.map(([hostId, own]) => ({ hostId, courses: own.map(toCourse) }));
    const names = [...new Set(measured.map(({ name }) => name))].slice(0, limits.series);
    const hostIds = new Set(hosts.map(([hostId]) => hostId));
    return {
      title: "Canaries over the sweep",
      says: describeStates(measured),
      notes: [
        `n = ${describeCounts(measured)}; each point is a launch's median latency over the geometric mean of all launches of its canary on that host, so that 1 is usual. The line joins geometric means of launches in succession, as many for a shard as it has visits.`,
        describeHosts(
          report,
          report.rows.filter(({ hostId }) => hostIds.has(hostId)),
        ),
        `Canaries: ${names.join("; ")}. Times are those of each host's own clock.`,
        ...(byHost.length > hosts.length
          ? [
              `${hosts.length} of ${countOf(byHost.length, "host")} are shown, those that drifted first.`,
            ]
          : []),
      ],
      chart: {
        kind: "scatter",
        x: minutesAxis,
        y: { label: "launch over its canary (×)", scale: "log", ticks: null, fromZero: false },
        series: names,
        panels: shown.map(({ hostId, courses }) => toPanel(hostId, courses, names)),
      },
      table: tabulate(measured),
    };
  },
};

function toCourse(canary: CanaryFinding): Course {
  const all = canary.visits.flatMap(({ launches }) => launches);
  const center = logMean(all.map(({ medianNs }) => medianNs))?.mean ?? 0;
  const [start] = extent(all.map(({ endedAtMs }) => endedAtMs));
  const visits = canary.visits.map(({ shardId, launches }, index) => ({
    number: index + 1,
    shardId,
    points: launches.map(({ endedAtMs, medianNs }) => ({
      minutes: (endedAtMs - start) / minuteMs,
      ratio: medianNs / Math.exp(center),
    })),
  }));
  const byShard = groupBy(visits, ({ shardId }) => shardId);
  return { canary, visits, path: [...byShard.values()].flatMap(toPath) };
}

/** Visits of one shard interleave: their launches are taken in order of time, in as many parts. */
function toPath(visits: Course["visits"]): readonly Point[] {
  const points = visits.flatMap((visit) => visit.points).sort((a, b) => a.minutes - b.minutes);
  const size = Math.ceil(points.length / visits.length);
  return visits.flatMap((_, part): Point[] => {
    const some = points.slice(part * size, (part + 1) * size);
    const ratio = logMean(some.map((point) => point.ratio))?.mean;
    if (ratio === undefined) return [];
    const minutes = some.reduce((sum, point) => sum + point.minutes, 0) / some.length;
    return [{ minutes, ratio: Math.exp(ratio) }];
  });
}

function toPanel(title: string, courses: readonly Course[], names: readonly string[]) {
  const points = courses.flatMap(({ canary, visits }) =>
    visits.flatMap((visit) =>
      visit.points.map(
        ({ minutes, ratio }): ScatterPoint => ({
          x: minutes,
          y: ratio,
          series: Math.max(0, names.indexOf(canary.name)),
          name: `visit ${visit.number}, ${canary.name}`,
          label: "",
        }),
      ),
    ),
  );
  points.sort((a, b) => a.x - b.x);
  const path = courses
    .flatMap((course) => course.path)
    .map(({ minutes, ratio }) => ({ x: minutes, y: ratio }))
    .sort((a, b) => a.x - b.x);
  const guides = [{ axis: "y", at: 1, label: "usual" }] as const;
  return { title, points: pickEvenly(points, maxPoints), path, guides };
}

function tabulate(measured: readonly CanaryFinding[]): DataTable {
  return {
    columns: [
      "host",
      "canary",
      "visits",
      "launches",
      "drift (×)",
      "low",
      "high",
      "state",
      "because",
    ],
    rows: measured.map(({ hostId, name, visits, drift, state, reason }) => [
      hostId,
      name,
      visits.length,
      visits.reduce((sum, { launches }) => sum + launches.length, 0),
      drift.value,
      drift.value === null ? null : drift.low,
      drift.value === null ? null : drift.high,
      state,
      reason,
    ]),
  };
}

function describeStates(measured: readonly CanaryFinding[]): string {
  const drifted = measured.filter(({ state }) => state === "drifted");
  const steady = measured.filter(({ state }) => state === "steady").length;
  const rest = measured.length - drifted.length - steady;
  const [first, ...others] = drifted;
  const courses = measured.length === 1 ? "course" : "courses";
  return [
    ...(first === undefined ? [] : [`On ${first.hostId} the canary ${first.reason}.`]),
    ...(others.length > 0
      ? [`Drifted as well: ${others.map(({ hostId }) => hostId).join(", ")}.`]
      : []),
    ...(steady > 0 ? [`Steady within ±2 %: ${steady} of ${measured.length} ${courses}.`] : []),
    ...(rest > 0 ? [`Not enough data to say: ${rest} of ${measured.length} ${courses}.`] : []),
  ].join(" ");
}

function describeCounts(measured: readonly CanaryFinding[]): string {
  const launches = measured.map(({ visits }) =>
    visits.reduce((sum, visit) => sum + visit.launches.length, 0),
  );
  const visits = measured.map((canary) => canary.visits.length);
  return `${rangeOf(launches, "launch")} in ${rangeOf(visits, "visit")} of a canary`;
}

function describeAbsence(all: readonly CanaryFinding[]): string {
  if (all.length === 0) return "the sweep has no canaries: see `canaries` of the sweep file";
  return "no launch of a canary can be used";
}
