import type { LogState } from "../../shared/domain/fold.ts";
import type { Metric } from "../../shared/domain/metrics.ts";
import { displayStates } from "./summary.ts";

/** What a coordinator knows of one host beside the log. */
export interface MetricHost {
  readonly hostId: string;
  readonly connected: boolean;
  readonly refusal: string | null;
  readonly spoolDepth: number;
  readonly spoolBytes: number;
}

export interface FleetFigures {
  readonly state: LogState;
  readonly hosts: readonly MetricHost[];
  readonly foldedSeq: number;
  readonly projectedSeq: number;
  /** Entries that were read since the start, by `kind accepted` or `kind ignored`. */
  readonly entries: ReadonlyMap<string, number>;
}

/** The fleet as metrics. No label but a host's id grows with the fleet, none with the sweeps. */
export function fleetMetrics(figures: FleetFigures): readonly Metric[] {
  return [
    ...sweepMetrics(figures.state),
    ...hostMetrics(figures),
    gauge("log_folded_seq", "The last entry of the log that was folded.", figures.foldedSeq),
    gauge("log_projected_seq", "The last entry that the projection holds.", figures.projectedSeq),
    {
      name: "fleetsweep_log_entries_total",
      help: "Entries read since the start, by kind and whether the fold took them.",
      type: "counter",
      samples: [...figures.entries].map(([key, value]) => {
        const [kind = "", outcome = ""] = key.split(" ");
        return { labels: { kind, outcome }, value };
      }),
    },
  ];
}

function sweepMetrics({ sweeps }: LogState): readonly Metric[] {
  const states = new Map<string, number>(Object.values(displayStates).map((name) => [name, 0]));
  const cells = { remaining: 0, terminal: 0, blamed: 0 };
  let orphans = 0;
  for (const { phase, shards, orphans: more, blamedCells } of sweeps.values()) {
    const name = displayStates[phase];
    states.set(name, (states.get(name) ?? 0) + 1);
    orphans += more;
    cells.blamed += blamedCells.size;
    for (const { cells: planned, remaining } of shards.values()) {
      cells.terminal += planned.size - remaining;
      if (phase === "open") cells.remaining += remaining;
    }
  }
  return [
    byLabel("sweeps", "Sweeps of the log by state.", "state", states),
    byLabel("cells", "Planned cells: terminal, or remaining in running sweeps.", "state", [
      ["terminal", cells.terminal],
      ["remaining", cells.remaining],
    ]),
    gauge("blamed_cells", "Cells that failed on two hosts and passed on none.", cells.blamed),
    gauge("orphans", "Results in the log that do not count.", orphans),
  ];
}

function hostMetrics({ state, hosts }: FleetFigures): readonly Metric[] {
  const counts = new Map(["serving", "refusing", "cordoned", "away"].map((word) => [word, 0]));
  for (const host of hosts) {
    const word = wordFor(state, host);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const spooled = hosts.filter(({ spoolDepth }) => spoolDepth > 0);
  return [
    byLabel("hosts", "Hosts that dialled this coordinator by state.", "state", counts),
    byLabel(
      "spool_records",
      "Results that a host keeps until they are released; none is left out.",
      "host",
      spooled.map(({ hostId, spoolDepth }) => [hostId, spoolDepth]),
    ),
    gauge("spool_bytes", "Bytes of all spools.", sum(hosts.map(({ spoolBytes }) => spoolBytes))),
  ];
}

function wordFor({ hosts }: LogState, { hostId, connected, refusal }: MetricHost): string {
  if (!connected) return "away";
  if ((hosts.get(hostId)?.cordon ?? null) !== null) return "cordoned";
  return refusal === null ? "serving" : "refusing";
}

function gauge(name: string, help: string, value: number): Metric {
  return { name: `fleetsweep_${name}`, help, type: "gauge", samples: [{ value }] };
}

function byLabel(
  name: string,
  help: string,
  label: string,
  values: Iterable<readonly [string, number]>,
): Metric {
  const samples = [...values].map(([text, value]) => ({ labels: { [label]: text }, value }));
  return { name: `fleetsweep_${name}`, help, type: "gauge", samples };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
