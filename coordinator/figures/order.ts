import { groupBy } from "../../shared/domain/group-by.ts";
import { countOf } from "../../shared/domain/text-layout.ts";
import { extent } from "../../shared/stats/extent.ts";
import { median } from "../../shared/stats/quantile.ts";
import type { Report } from "../analysis/report.ts";
import { type LaunchTrace, traceKey } from "../analysis/traces.ts";
import { significant } from "../report/numbers.ts";
import { hostAxis, titleOf } from "./axis-roles.ts";
import { describeConditions } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, ScatterPoint } from "./figure-spec.ts";
import { selectEvenly } from "./limits.ts";
import { minutesAxis } from "./time-scale.ts";

const statuses = ["valid", "flagged", "invalid"] as const;
const maxPanels = 6;
/** The running median takes a fortieth of a host's launches, and at least so many. */
const leastWindow = 9;
const minuteMs = 60_000;

/** Each launch in time, relative to its own cell: drift of a host shows as a slope or a step. */
export const order: FigureKind = {
  name: "order",
  answers: "Did a host drift or stall while the sweep ran?",

  specify(report) {
    const relative = relate(report);
    if (relative.length === 0) return { absent: "no cell has two launches in time" };
    const [start] = extent(relative.map(({ launch }) => launch.endedAtMs));
    const groups = [...groupBy(relative, ({ launch }) => launch.hostId)];
    const hosts = selectEvenly(groups, maxPanels, "hosts");
    const panels = hosts.members.map(([hostId, launches]) => toPanel(hostId, launches, start));
    const shown = hosts.members.flatMap(([, launches]) => launches);
    const far = panels.flatMap(({ path }) => path.map(({ y }) => y));
    const [low, high] = extent(far).map((ratio) => significant(ratio, 3));
    return {
      title: "Launches in the order they ran",
      says:
        far.length === 0
          ? "Too few launches can be used for a course."
          : `The running median stays between ${low} and ${high} times the cells' own medians.`,
      notes: [
        ...describeConditions(report, report.rows, "scatter").slice(1),
        `n = ${countOf(shown.length, "launch")}; each is its median over the geometric mean of its cell's launches, so that 1 is usual. The line is the running median of a fortieth of a host's launches, at least ${leastWindow}.`,
        "Times are those of each host's own clock.",
        ...describeThinning(report),
        ...hosts.notes,
      ],
      chart: {
        kind: "scatter",
        x: minutesAxis,
        y: { label: "launch over its cell (×)", scale: "log", ticks: null, fromZero: false },
        series: statuses,
        panels,
      },
      table: tabulate(shown, start),
    };
  },
};

function tabulate(shown: readonly RelativeLaunch[], start: number): DataTable {
  return {
    columns: ["host", "minutes", "cell", "launch", "ratio (×)", "verdict"],
    rows: shown.map(({ launch, ratio, name }) => [
      launch.hostId,
      (launch.endedAtMs - start) / minuteMs,
      name,
      launch.launch,
      ratio,
      launch.status,
    ]),
  };
}

function toPanel(title: string, launches: readonly RelativeLaunch[], start: number) {
  const points = launches.map(
    ({ launch, ratio, name }): ScatterPoint => ({
      x: (launch.endedAtMs - start) / minuteMs,
      y: ratio,
      series: statuses.indexOf(launch.status),
      name,
      label: "",
    }),
  );
  points.sort((a, b) => a.x - b.x);
  return { title, points, path: runningMedian(points), guides: [one] };
}

const one = { axis: "y", at: 1, label: "usual" } as const;

interface RelativeLaunch {
  readonly launch: LaunchTrace;
  /** The launch over its cell. */
  readonly ratio: number;
  readonly name: string;
}

function relate(report: Report): readonly RelativeLaunch[] {
  const rows = new Map(report.rows.map((row) => [traceKey(row), row]));
  const names = [...(report.hosts.length > 1 ? [hostAxis] : []), ...report.varying];
  return (report.traces?.launches ?? []).flatMap((launch: LaunchTrace) => {
    const row = rows.get(traceKey(launch));
    if (row === undefined || row.launches.used + row.launches.invalid < 2 || !(launch.medianNs > 0))
      return [];
    const name = `${titleOf(row, names)}, launch ${launch.launch}`;
    return [{ launch, ratio: launch.medianNs / row.medianNs.value, name }];
  });
}

function runningMedian(points: readonly ScatterPoint[]): { x: number; y: number }[] {
  const usable = points.filter(({ series }) => statuses[series] !== "invalid");
  const path: { x: number; y: number }[] = [];
  const half = Math.floor(Math.max(leastWindow, usable.length / 40) / 2);
  for (let index = half; index < usable.length - half; index++) {
    const some = usable.slice(index - half, index + half + 1);
    path.push({ x: usable[index]?.x ?? 0, y: median(some.map(({ y }) => y)) });
  }
  return path;
}

function describeThinning({ traces }: Report): string[] {
  if (traces === null || traces.launches.length >= traces.launchesMeasured) return [];
  return [
    `${traces.launches.length} of ${traces.launchesMeasured} launches are carried, spread evenly over time.`,
  ];
}
