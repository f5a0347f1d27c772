import { groupBy } from "../../shared/domain/group-by.ts";
import { finishSteps, flatMapSteps, type Steps } from "../../shared/domain/steps.ts";
import { displayStates } from "../logic/summary.ts";
import { findingSteps } from "./build-findings.ts";
import { cellFigures, measuredLaunches } from "./cell-figures.ts";
import { cellsAStep } from "./findings/analysed-cell.ts";
import { summarizeHost } from "./host-summary.ts";
import { defaultMargin } from "./margin.ts";
import {
  type FailedCell,
  type MissingCell,
  type Report,
  type ReportHeader,
  type ReportRow,
  reportSchema,
} from "./report.ts";
import type { ReportCell, ReportInput } from "./report-input.ts";
import { rowVerdict } from "./row-verdict.ts";
import { type FindBase, indexBases, scaling } from "./speed-up.ts";
import { compareCells, splitAxes } from "./split-axes.ts";
import type { Traces } from "./traces.ts";

export interface ReportOptions {
  readonly traces?: Traces | null;
  /** Differences within it are none to the verdicts: 0.01 is 1 %. */
  readonly margin?: number;
}

/** The report of a sweep, from its counted launches alone; the same input gives the same report. */
export function buildReport(input: ReportInput, options: ReportOptions = {}): Report {
  return finishSteps(reportSteps(input, options));
}

/** {@link buildReport} in steps. */
export function* reportSteps(
  input: ReportInput,
  { traces = null, margin = defaultMargin }: ReportOptions,
): Steps<Report> {
  const { constants, varying } = splitAxes(input.cells.map(({ cell }) => cell));
  const cells = sortCells(input, varying);
  const byHost = groupBy(cells, ({ hostId }) => hostId);
  const findBase = indexBases(input.cells);
  yield;
  const rows = yield* flatMapSteps(cells, cellsAStep, (cell) => toRow(cell, input, findBase));
  const findings = yield* findingSteps(input, margin);
  return {
    schema: reportSchema,
    sweep: toHeader(input),
    hosts: input.hosts.map((host) => summarizeHost(host, byHost.get(host.hostId) ?? [])),
    constants,
    varying,
    rows,
    failed: cells.flatMap(toFailed),
    missing: cells.flatMap((cell) => toMissing(cell, input)),
    findings,
    traces,
  };
}

function sortCells(input: ReportInput, varying: readonly string[]): readonly ReportCell[] {
  const order = compareCells(
    varying,
    input.cells.map(({ cell }) => cell),
  );
  const hosts = new Map(input.hosts.map(({ hostId }, index) => [hostId, index]));
  const hostOf = ({ hostId }: ReportCell): number => hosts.get(hostId) ?? hosts.size;
  return [...input.cells].sort((a, b) => hostOf(a) - hostOf(b) || order(a.cell, b.cell));
}

function toHeader({ sweep, cells }: ReportInput): ReportHeader {
  const { sweepId, name, state, method, submittedAtMs, orphans, source } = sweep;
  const { precision, targetHalfWidth, minLaunches, maxLaunches } = method;
  return {
    sweepId,
    name,
    state: displayStates[state],
    precision,
    minLaunches,
    maxLaunches,
    targetHalfWidth: Number.isFinite(targetHalfWidth) ? targetHalfWidth : null,
    submittedAtMs,
    plannedCells: cells.length,
    orphans,
    source,
  };
}

/** A failed cell is no row, whatever was measured before it failed. */
function toRow(cell: ReportCell, { sweep }: ReportInput, findBase: FindBase): ReportRow[] {
  const figures = hasFailed(cell) ? null : cellFigures(cell, sweep.method);
  if (figures === null) return [];
  return [
    {
      ...identify(cell),
      ...figures,
      scaling: scaling(cell, findBase, sweep.method),
      verdict: rowVerdict(cell, figures, sweep.method),
    },
  ];
}

const givenUpReasons = { abandoned: "host-lost", quarantined: "quarantined" } as const;

function hasFailed({ terminal }: ReportCell): boolean {
  return terminal === "failed" || terminal === "quarantined";
}

function toFailed(cell: ReportCell): FailedCell[] {
  if (!hasFailed(cell)) return [];
  const evidence = lastFailure(cell);
  const tried = evidence === undefined ? "" : `; its last launch failed: ${evidence.message}`;
  const { givenUp } = cell;
  return [
    {
      ...identify(cell),
      ...(givenUp === null
        ? {
            reason: evidence?.reason ?? "unknown",
            message: evidence?.message ?? "the cell was ended without a failed launch",
          }
        : { reason: givenUpReasons[givenUp.by], message: `${givenUp.reason}${tried}` }),
      stderrTail: evidence?.stderrTail ?? "",
      measuredLaunches: measuredLaunches(cell).length,
    },
  ];
}

function toMissing(cell: ReportCell, { sweep }: ReportInput): MissingCell[] {
  if (hasFailed(cell) || measuredLaunches(cell).length > 0) return [];
  const evidence = lastFailure(cell);
  const why = sweep.state === "cancelled" ? "the sweep was cancelled" : "not measured yet";
  const tried = evidence === undefined ? "" : `; its last launch failed: ${evidence.message}`;
  return [{ ...identify(cell), reason: `${why}${tried}` }];
}

function lastFailure(cell: ReportCell) {
  return cell.launches.filter((launch) => launch.type === "failed").at(-1);
}

function identify({ hostId, cellId, cell }: ReportCell) {
  return { hostId, cellId, cell };
}
