import type { CorruptEntry } from "../../shared/bus/log.ts";
import { unreachable } from "../../shared/domain/errors.ts";
import type { SweepIgnoredReason } from "../../shared/domain/fold.ts";
import {
  type LogEvent,
  type PlannedEvent,
  type ResultEvent,
  sweepShard,
} from "../../shared/domain/log-event.ts";
import type { EncodedSamples, Measured } from "../../shared/domain/result.ts";
import type { Steps } from "../../shared/domain/steps.ts";
import type { ColumnValue, TableName, tables } from "./tables.ts";

/** An entry of the log with what the fold made of it. */
export type ProjectedEntry =
  | {
      readonly seq: number;
      /** As in the log's entry. */
      readonly storedAt?: string | undefined;
      readonly event: LogEvent;
      /** Why the entry changed nothing; null where it counts. */
      readonly ignored: SweepIgnoredReason | null;
      /** See the fold's changes: their rows come with the submission, for other drafts are no plan. */
      readonly plan?: readonly PlannedEvent[];
    }
  | CorruptEntry;

/** A row of a table, by column. */
type Row<Name extends TableName> = Readonly<
  Record<keyof (typeof tables)[Name] & string, ColumnValue>
>;

/** Takes rows, table by table, in any order. */
export type AddRow = <Name extends TableName>(table: Name, row: Row<Name>) => void;

/**
 * The rows that one entry gives: the same for the same entry, whatever came before in this run. A step for every shard
 * of a plan, of which a fleet's has thousands.
 */
export function* addRows(entry: ProjectedEntry, add: AddRow): Steps<void> {
  if ("corrupt" in entry) {
    add("corrupt_entries", { seq: entry.seq, subject: entry.subject, reason: entry.corrupt });
    return;
  }
  const { seq, event, ignored } = entry;
  if (event.type === "result") {
    addResult(seq, event, { ignored, add });
    return;
  }
  for (const planned of entry.plan ?? []) {
    addPlan(seq, planned, add);
    yield;
  }
  if (ignored === null && event.type === "planned") addPlan(seq, event, add);
  else if (ignored === null && event.type === "submitted") addSubmission(seq, event, add);
  else addDecision(seq, event, { ignored, add });
}

interface Adding {
  readonly ignored: SweepIgnoredReason | null;
  readonly add: AddRow;
}

function addPlan(seq: number, event: PlannedEvent, add: AddRow): void {
  const place = {
    seq,
    sweep_id: event.sweepId,
    shard_id: event.shardId,
    host_id: event.hostId,
  };
  add("planned_shards", { ...place, cell_count: event.cells.length });
  for (const [position, { cellId, cell }] of event.cells.entries()) {
    add("planned_cells", {
      ...place,
      cell_id: cellId,
      position,
      cell_json: JSON.stringify(cell),
    });
  }
}

function addSubmission(seq: number, event: LogEvent & { type: "submitted" }, add: AddRow): void {
  add("submissions", {
    seq,
    sweep_id: event.sweepId,
    name: event.name,
    shard_count: event.shardCount,
    cell_count: event.cellCount,
    method_json: JSON.stringify(event.method),
    source: event.source,
    submitted_at_ms: event.submittedAtMs,
  });
}

function addDecision(
  seq: number,
  event: Exclude<LogEvent, ResultEvent>,
  { ignored, add }: Adding,
): void {
  add("decisions", {
    seq,
    sweep_id: event.sweepId,
    shard_id: "shardId" in event ? event.shardId : sweepShard,
    cell_id: "cellId" in event ? event.cellId : null,
    kind: event.type,
    grant_id: "grantId" in event ? event.grantId : null,
    host_id: "hostId" in event ? event.hostId : null,
    reason: "reason" in event ? event.reason : null,
    ignored,
  });
}

function addResult(seq: number, event: ResultEvent, { ignored, add }: Adding): void {
  const { result } = event;
  const { outcome } = result;
  add("results", {
    seq,
    sweep_id: event.sweepId,
    shard_id: event.shardId,
    host_id: result.hostId,
    cell_id: result.cellId,
    launch: result.launch,
    attempt_id: result.attemptId,
    grant_id: result.grantId,
    counted: ignored === null,
    orphan_reason: ignored,
    terminal: result.terminal,
    outcome: outcome.type,
    ...outcomeColumns(outcome),
    ended_at_ms: result.endedAtMs,
  });
  if (outcome.type === "measured") addMeasured(seq, outcome, add);
}

function outcomeColumns(outcome: ResultEvent["result"]["outcome"]) {
  const none = {
    median_ns: null,
    samples_per_second: null,
    verdict: null,
    reasons_json: null,
    failure_reason: null,
    failure_message: null,
    stderr_tail: null,
  };
  switch (outcome.type) {
    case "measured":
      return {
        ...none,
        median_ns: outcome.medianNs,
        samples_per_second: outcome.samplesPerSecond,
        verdict: outcome.verdict.status,
        reasons_json: JSON.stringify(outcome.verdict.reasons),
      };
    case "failed":
      return {
        ...none,
        failure_reason: outcome.reason,
        failure_message: outcome.message,
        stderr_tail: outcome.stderrTail,
      };
    default:
      return unreachable(outcome);
  }
}

function samplesRow(seq: number, instance: number, samples: EncodedSamples) {
  const data = Buffer.from(samples.data, "base64");
  return { seq, instance, encoding: samples.encoding, sample_count: samples.count, data };
}

function addMeasured(seq: number, { instances, environment }: Measured, add: AddRow): void {
  for (const instance of instances) {
    add("instances", {
      seq,
      instance: instance.index,
      calls: instance.calls,
      warmup_calls: instance.warmupCalls,
      median_ns: instance.medianNs,
      started_ns: instance.startedNs,
      ended_ns: instance.endedNs,
      load_ns: instance.loadNs,
      first_call_ns: instance.firstCallNs,
    });
    const { index, samples, warmup } = instance;
    add("samples", samplesRow(seq, index, samples));
    if (warmup !== undefined) add("warmups", samplesRow(seq, index, warmup));
  }
  add("environments", {
    seq,
    binding_tool: environment.bindingTool,
    runner_versions_json: JSON.stringify(environment.runnerVersions),
    readback_json: JSON.stringify(environment.readback),
    counters_json: JSON.stringify(environment.counters),
  });
}
