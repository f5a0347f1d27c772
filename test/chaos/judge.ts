import { type Counted, Oracle } from "../simulation/oracle.ts";
import type { RawEntry } from "../simulation/raw-log.ts";

/** A line that a runner wrote down outside of the programs under test. */
export interface Receipt {
  /** What one cell took in one launch, in ns; no other launch has it. */
  readonly measured?: number;
  /** Processes of two launches at one time. */
  readonly overlap?: readonly number[];
}

export interface HostLedger {
  /** One; or several agents of one machine, as by mistake. */
  readonly hostIds: readonly string[];
  /** How often their agents died. */
  readonly deaths: number;
  readonly receipts: readonly Receipt[];
}

/** A launch that counts, as a coordinator's projection has it. */
export interface StoredRow {
  readonly attempt_id: string;
  readonly sweep_id: string;
  readonly host_id: string;
  readonly cell_id: string;
  readonly launch: number | string;
  readonly median_ns: number | null;
}

export interface Evidence {
  readonly entries: readonly RawEntry[];
  readonly ledgers: readonly HostLedger[];
  /** Sweeps of which an operator was told that they are in the log. */
  readonly acknowledged: readonly string[];
  /** By coordinator; empty where none was asked yet. */
  readonly stored: ReadonlyMap<string, readonly StoredRow[]>;
}

export interface Judged {
  readonly oracle: Oracle;
  readonly entries: number;
  readonly receipts: number;
  readonly orphans: number;
  /** Receipts without a result in the log, where a death of an agent or a failed launch explains them. */
  readonly interrupted: number;
  readonly violations: readonly string[];
}

/** Of the sweeps that chaos submits. */
export const chaosSweep = { cells: 6, launches: 3 } as const;

/** Holds the log against the hosts' own ledgers, and what coordinators say against the log. */
export function judge(evidence: Evidence): Judged {
  const oracle = new Oracle();
  for (const entry of evidence.entries) oracle.read(entry);
  const violations: string[] = [];
  if (oracle.counted.length === 0) violations.push("nothing counts: there is nothing to judge");
  const receipts = evidence.ledgers.reduce((sum, ledger) => sum + medians(ledger).size, 0);
  checkMeasured(oracle, evidence, violations);
  const interrupted = checkDelivered(evidence, violations);
  checkSweeps(oracle, evidence, violations);
  for (const [who, rows] of evidence.stored) checkStored(oracle, { who, rows }, violations);
  const orphans = oracle.results - oracle.counted.length;
  const entries = evidence.entries.length;
  return { oracle, entries, receipts, orphans, interrupted, violations };
}

function medians({ receipts }: HostLedger): ReadonlySet<number> {
  return new Set(receipts.flatMap(({ measured }) => measured ?? []));
}

/** What counts was measured, by the host that it names, and counts for one launch. */
function checkMeasured({ counted }: Oracle, { ledgers }: Evidence, violations: string[]): void {
  const receiptsOf = new Map(
    ledgers.flatMap((ledger) => ledger.hostIds.map((hostId) => [hostId, medians(ledger)] as const)),
  );
  const seen = new Set<string>();
  const used = new Set<string>();
  for (const { sweep, host, cell, launch, medianNs } of counted) {
    const key = `${sweep} ${host} ${cell} ${launch}`;
    if (seen.has(key)) violations.push(`counted twice: ${key}`);
    seen.add(key);
    if (medianNs === null) continue;
    if (receiptsOf.get(host)?.has(medianNs) !== true) {
      violations.push(`counted, but never measured: ${key} ${medianNs}`);
    }
    const receipt = `${host} ${medianNs}`;
    if (used.has(receipt)) violations.push(`one launch counts for two: ${key} ${medianNs}`);
    used.add(receipt);
  }
  for (const { hostIds, receipts } of ledgers) {
    for (const { overlap } of receipts) {
      if (overlap === undefined) continue;
      const where = hostIds.join(" and ");
      violations.push(`two launches at once on ${where}: processes ${overlap.join(", ")}`);
    }
  }
}

/**
 * What was measured stands in the log, counted or not. A launch that its agent did not outlive, that was
 * taken away from it, or that failed leaves receipts without results: one launch's for each such event, and
 * no more.
 */
function checkDelivered({ entries, ledgers }: Evidence, violations: string[]): number {
  const results = entries.flatMap(({ kind, payload }) =>
    kind === "result" && payload.result !== undefined ? [payload.result] : [],
  );
  const revoked = entries.filter(({ kind }) => kind === "revoke" || kind === "cancelled").length;
  let interrupted = 0;
  for (const ledger of ledgers) {
    const own = results.filter(({ host_id }) => ledger.hostIds.includes(host_id));
    const delivered = new Set(own.map(({ outcome }) => outcome.median_ns));
    const lost = [...medians(ledger)].filter((measured) => !delivered.has(measured)).length;
    const failed = new Set(
      own.flatMap(({ outcome, attempt_id }) => (outcome.type === "failed" ? [attempt_id] : [])),
    ).size;
    const explained = chaosSweep.cells * (ledger.deaths + revoked) + failed;
    interrupted += lost;
    if (lost <= explained) continue;
    const where = ledger.hostIds.join(" and ");
    violations.push(
      `${lost} measurements of ${where} are not in the log: ${ledger.deaths} deaths, ${revoked} revokes and ${failed} failures explain ${explained}`,
    );
  }
  return interrupted;
}

/** Every sweep ends, none that was acknowledged is gone, and cells end as the launches that count say. */
function checkSweeps(
  { sweeps, counted }: Oracle,
  { acknowledged }: Evidence,
  violations: string[],
): void {
  for (const sweepId of acknowledged) {
    if (!sweeps.has(sweepId)) violations.push(`sweep ${sweepId} was acknowledged and is gone`);
  }
  for (const [sweepId, { phase, shards }] of sweeps) {
    const isOpen = phase === "open" || (phase === "planning" && acknowledged.includes(sweepId));
    if (isOpen) violations.push(`sweep ${sweepId} has not ended`);
    if (phase !== "sealed") continue;
    for (const [shardId, { cells, terminal }] of shards) {
      const own = counted.filter(({ sweep, shard }) => sweep === sweepId && shard === shardId);
      for (const cell of cells.keys()) {
        const why = problemOf(
          terminal.get(cell),
          own.filter((one) => one.cell === cell),
        );
        if (why !== null) violations.push(`${sweepId} ${shardId} ${cell} ${why}`);
      }
    }
  }
}

function problemOf(terminal: string | undefined, launches: readonly Counted[]): string | null {
  if (terminal === undefined) return "is not over in a sweep that is sealed";
  const last = launches.at(-1);
  if (terminal === "failed") return last?.medianNs === null ? null : "failed without evidence";
  if (terminal !== "ok") return null;
  const measured = launches.filter(
    ({ host, medianNs }) => medianNs !== null && host === last?.host,
  );
  if (measured.length >= chaosSweep.launches) return null;
  return `is ok with ${measured.length} of ${chaosSweep.launches} launches`;
}

/** A projection counts what the log says that counts: nothing more, nothing less, nothing twice. */
function checkStored(
  { counted }: Oracle,
  { who, rows }: { readonly who: string; readonly rows: readonly StoredRow[] },
  violations: string[],
): void {
  const due = counted.map(({ attempt, sweep, host, cell, launch, medianNs }) =>
    [attempt, sweep, host, cell, launch, medianNs].join(" "),
  );
  const left = new Set(due);
  for (const { attempt_id, sweep_id, host_id, cell_id, launch, median_ns } of rows) {
    const row = [attempt_id, sweep_id, host_id, cell_id, launch, median_ns].join(" ");
    if (!left.delete(row)) violations.push(`${who} counts what the log does not, or twice: ${row}`);
  }
  for (const row of left) violations.push(`${who} does not count what the log does: ${row}`);
}
