import type { CourseBin } from "../analysis/traces.ts";
import type { TimeUnit } from "../report/numbers.ts";
import { describeConditions } from "./conditions.ts";
import type { FigureKind } from "./figure-kind.ts";
import type { DataTable, LinePoint, LinesPanel } from "./figure-spec.ts";
import { limits, selectEvenly } from "./limits.ts";
import { timeUnitOf } from "./time-scale.ts";
import {
  describeTraceSelection,
  describeWarmup,
  type TracedCell,
  tracedCells,
} from "./traced-cells.ts";

/** Calls of one process in order of time: whether the warm-up was long enough. */
export const course: FigureKind = {
  name: "course",
  answers: "Were the calls steady once the warm-up was cut?",

  specify(report) {
    const withCourse = tracedCells(report).filter(({ trace }) => trace.course.length > 1);
    if (withCourse.length === 0) return { absent: "the report carries no calls in order of time" };
    const { members, notes } = selectEvenly(withCourse, limits.panels, "cells");
    const unit = timeUnitOf(members.flatMap(({ trace }) => trace.course.map((bin) => bin.lowNs)));
    return {
      title: "Calls in order of time",
      says: describeChange(members),
      notes: [
        ...describeConditions(
          report,
          members.map(({ row }) => row),
          "lines",
        ).slice(1),
        "n = 1 launch a cell: of its first instance the median of successive calls, with the band of their 10th to 90th percentile (no interval).",
        describeWarmup(members),
        ...describeWarmupShown(members),
        ...describeTraceSelection(report),
        ...notes,
      ],
      chart: {
        kind: "lines",
        x: {
          label: "call, from the end of the warm-up",
          scale: "linear",
          ticks: null,
          fromZero: true,
          shared: false,
        },
        y: {
          label: `time of one call (${unit.name})`,
          scale: "log",
          ticks: null,
          fromZero: false,
          shared: false,
        },
        series: members.some(({ trace }) => trace.warmupCourse.length > 0)
          ? ["timed calls", "warm-up, cut"]
          : [],
        panels: members.map((cell) => toPanel(cell, unit.ns)),
      },
      table: tabulate(members, unit),
    };
  },
};

function toPanel({ label, trace }: TracedCell, unitNs: number): LinesPanel {
  const pointsOf = (bins: readonly CourseBin[]): LinePoint[] =>
    bins.map(({ firstCall, medianNs, lowNs, highNs }) => ({
      x: firstCall,
      value: medianNs / unitNs,
      low: lowNs / unitNs,
      high: highNs / unitNs,
      isVoid: false,
    }));
  const isCut = trace.warmupCourse.length > 0;
  return {
    title: label,
    guides: isCut ? [{ axis: "x", at: 0, label: "cut" }] : [],
    ideal: null,
    lines: [
      { series: 0, points: pointsOf(trace.course) },
      ...(isCut ? [{ series: 1, points: pointsOf(trace.warmupCourse) }] : []),
    ],
  };
}

function tabulate(members: readonly TracedCell[], unit: TimeUnit): DataTable {
  return {
    columns: ["cell", "first call", `median (${unit.name})`, "p10", "p90"],
    rows: members.flatMap(({ label, trace }) =>
      [...trace.warmupCourse, ...trace.course].map((bin) => [
        label,
        bin.firstCall,
        bin.medianNs / unit.ns,
        bin.lowNs / unit.ns,
        bin.highNs / unit.ns,
      ]),
    ),
  };
}

function describeChange(members: readonly TracedCell[]): string {
  const changes = members.map(({ label, trace }) => {
    const first = trace.course[0]?.medianNs ?? 1;
    const last = trace.course.at(-1)?.medianNs ?? 1;
    return { label, change: Math.round(100 * (last / first - 1)) };
  });
  const largest = changes.reduce((a, b) => (Math.abs(b.change) > Math.abs(a.change) ? b : a));
  return `From the first to the last calls shown, the median changes most in ${largest.label}: by ${largest.change} %.`;
}

function describeWarmupShown(members: readonly TracedCell[]): string[] {
  const told = members.filter(({ trace }) => trace.warmupCourse.length > 0);
  if (told.length === 0) return ["The runner does not tell the times of its warm-up calls."];
  return [
    "Left of the cut stand the last calls of the warm-up, at most 256, which no figure uses.",
  ];
}
