import type {
  ReportCell,
  ReportInput,
  ReportLaunch,
} from "../../coordinator/analysis/report-input.ts";
import type { Cell } from "../../shared/domain/cell.ts";
import { precisionModes } from "../../shared/domain/method.ts";
import type { Verdict } from "../../shared/domain/result.ts";

const validVerdict: Verdict = { status: "valid", reasons: [] };

/** A verdict with one reason. */
export function doubt(status: "flagged" | "invalid", code: string): Verdict {
  return { status, reasons: [{ code, message: `${code} was seen` }] };
}

export function measuredLaunch(
  launch: number,
  medianNs: number,
  verdict: Verdict = validVerdict,
): Extract<ReportLaunch, { type: "measured" }> {
  return {
    type: "measured",
    launch,
    medianNs,
    samplesPerSecond: 1e9 / medianNs,
    verdict,
    runnerVersions: { "onnxruntime-node": "1.30.0" },
    bindingTool: "numactl",
    instances: [{ index: 0, calls: 64, medianNs, timedNs: 64 * medianNs }],
    locality: null,
    endedAtMs: 1_700_000_000_000 + launch,
  };
}

export function failedLaunch(launch: number): ReportLaunch {
  return {
    type: "failed",
    launch,
    reason: "crashed",
    message: "the runner ended with signal SIGSEGV",
    stderrTail: "one\ntwo\nthree\n\u001b[31mfour\n",
  };
}

/** A finished cell whose launches have these medians in ms. */
export function reportCell(
  cell: Cell,
  mediansMs: readonly number[],
  overrides: Partial<ReportCell> = {},
): ReportCell {
  const launches = mediansMs.map((ms, index) => measuredLaunch(index + 1, ms * 1e6));
  return {
    hostId: "h1",
    shardId: "h1-0001",
    cellId: `cell-${JSON.stringify(cell)}`,
    cell: { runner: "onnxruntime", placement: "one-socket", ...cell },
    terminal: "ok",
    givenUp: null,
    launches,
    pooled: { count: 320, p90Ns: (mediansMs[0] ?? 1) * 1.1e6 },
    ...overrides,
  };
}

export function reportInput(
  cells: readonly ReportCell[],
  sweep: Partial<ReportInput["sweep"]> = {},
): ReportInput {
  const hostIds = [...new Set(cells.map(({ hostId }) => hostId))];
  return {
    sweep: {
      sweepId: "01JD8W3V8N0Q6T1Z5Y7K2M4P9R",
      name: "quickstart",
      state: "sealed",
      method: precisionModes.quick,
      submittedAtMs: 1_700_000_000_000,
      orphans: 0,
      source: "name: quickstart\n",
      ...sweep,
    },
    hosts: hostIds.map((hostId) => ({
      hostId,
      agentVersion: "0.1.0",
      topology: null,
      cores: null,
      classId: null,
      parameterDefaults: {},
    })),
    cells,
    canaries: [],
  };
}
