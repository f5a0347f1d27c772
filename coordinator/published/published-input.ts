import { numberAxis } from "../../shared/domain/cell.ts";
import type { HostCores, PackageCores } from "../../shared/domain/host-cores.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import type { ReportCell, ReportInput, ReportLaunch } from "../analysis/report-input.ts";
import {
  type PublishedDocument,
  type PublishedHost,
  type PublishedTable,
  rowsByColumn,
} from "./parse-tables.ts";
import { type PublishedCell, publishedCells } from "./published-cells.ts";

/**
 * The figures of a published table as the input of a report, one for each run that it has. One figure a cell
 * is one launch: no interval and no verdict can come of it. A cell without a figure counts as failed.
 */
export function publishedInputs(
  document: PublishedDocument,
  table: PublishedTable,
): readonly ReportInput[] {
  const cells = publishedCells(table, rowsByColumn(table));
  const runs = [...new Set(cells.map(({ run }) => run))];
  return runs.map((run) =>
    toInput(
      document,
      [table.name, ...(run === "" ? [] : [run])].join("."),
      cells.filter((cell) => cell.run === run),
    ),
  );
}

function toInput(
  { host, software }: PublishedDocument,
  name: string,
  cells: readonly PublishedCell[],
): ReportInput {
  return {
    sweep: {
      sweepId: name,
      name,
      state: "sealed",
      method: precisionModes.smoke,
      submittedAtMs: 0,
      orphans: 0,
      source: "",
    },
    hosts: [
      {
        hostId: host.cpu,
        agentVersion: null,
        topology: null,
        cores: publishedCores(host),
        classId: null,
        parameterDefaults: {},
      },
    ],
    cells: cells.map((cell) => toReportCell(cell, host, software)),
    canaries: [],
  };
}

/** Numbered as Linux does it; one NUMA node a socket, for publications say no more. */
function publishedCores({ sockets, coresPerSocket, threadsPerCore }: PublishedHost): HostCores {
  const total = sockets * coresPerSocket;
  const packages = Array.from(
    { length: sockets },
    (_, id): PackageCores => ({
      id,
      cores: Array.from({ length: coresPerSocket }, (__, index) => {
        const core = id * coresPerSocket + index;
        const pus = Array.from({ length: threadsPerCore }, (___, thread) => core + thread * total);
        return { packageIndex: id, numaNodes: [id], l3: id, pus };
      }),
    }),
  );
  const memoryNodes = packages.map(({ id }) => ({
    id,
    hasMemory: true,
    allowed: true,
    packageIds: [id],
    memoryOnly: false,
  }));
  return { packages, memoryNodes };
}

function toReportCell(
  published: PublishedCell,
  host: PublishedHost,
  software: Readonly<Record<string, string>>,
): ReportCell {
  const { cell, latencyMs } = published;
  const launch: ReportLaunch =
    latencyMs === null
      ? {
          type: "failed",
          launch: 1,
          reason: "unknown",
          message: "no figure was published",
          stderrTail: "",
        }
      : toLaunch(published, latencyMs, software);
  return {
    hostId: host.cpu,
    shardId: "published",
    cellId: Object.values(cell).map(String).join("/"),
    cell,
    terminal: latencyMs === null ? "failed" : "ok",
    launches: [launch],
    pooled: null,
    givenUp: null,
  };
}

/** Calls of instances carry different numbers of samples, so rates are in samples, never in calls. */
function toLaunch(
  { cell, callsPerSecond }: PublishedCell,
  latencyMs: number,
  software: Readonly<Record<string, string>>,
): ReportLaunch {
  const batch = numberAxis(cell, "batch_size") ?? 1;
  const instances = numberAxis(cell, "instances") ?? 1;
  const samplesPerSecond =
    callsPerSecond === null ? (instances * batch * 1_000) / latencyMs : callsPerSecond * batch;
  return {
    type: "measured",
    launch: 1,
    medianNs: latencyMs * 1e6,
    samplesPerSecond,
    verdict: { status: "valid", reasons: [] },
    runnerVersions: software,
    bindingTool: "unknown",
    instances: [],
    locality: null,
    endedAtMs: 0,
  };
}
