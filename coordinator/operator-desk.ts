import type { CompareCellsRequest__Output } from "../proto/gen/fleetsweep/v1/CompareCellsRequest.ts";
import type { ExportTableRequest__Output } from "../proto/gen/fleetsweep/v1/ExportTableRequest.ts";
import type { GetReportRequest__Output } from "../proto/gen/fleetsweep/v1/GetReportRequest.ts";
import type { GetReportResponse } from "../proto/gen/fleetsweep/v1/GetReportResponse.ts";
import type { Host } from "../proto/gen/fleetsweep/v1/Host.ts";
import type { HostProgress } from "../proto/gen/fleetsweep/v1/HostProgress.ts";
import type { RecommendRequest__Output } from "../proto/gen/fleetsweep/v1/RecommendRequest.ts";
import type { Log } from "../shared/bus/log.ts";
import { FleetsweepError } from "../shared/domain/errors.ts";
import type { Sweep } from "../shared/domain/fold.ts";
import { tokenProblem } from "../shared/domain/ids.ts";
import { fleetSweep } from "../shared/domain/log-event.ts";
import type { Topology } from "../shared/domain/topology.ts";
import type { Answers } from "./answers.ts";
import type { Coordinator } from "./coordinator.ts";
import type { Fleet } from "./fleet.ts";
import { HostDesk } from "./host-desk.ts";
import { type SweepSummary, summarizeSweep, worksByHost } from "./logic/summary.ts";
import type { Abandoned, OperatorHub, Uncordoned } from "./rpc/operator.ts";
import { toWire } from "./rpc/sweep-pages.ts";
import type { WatchedSweep } from "./rpc/watch-sweep.ts";
import { planSource, type SweepSource, submitPlan } from "./submit.ts";

export interface OperatorDeskDeps {
  readonly coordinator: Coordinator;
  readonly fleet: Fleet;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly hostClass: (topology: Topology) => string;
  readonly report: (request: GetReportRequest__Output) => AsyncIterable<GetReportResponse>;
  readonly answers: Answers;
  /** Aborts when the coordinator stops. */
  readonly signal: AbortSignal;
}

/** Answers operators from the fold and writes what they ask for into the log. */
export class OperatorDesk implements OperatorHub {
  readonly #deps: OperatorDeskDeps;
  readonly #hostDesk: HostDesk;

  constructor(deps: OperatorDeskDeps) {
    this.#deps = deps;
    this.#hostDesk = new HostDesk(deps);
  }

  async submit(sweepId: string, source: SweepSource) {
    const problem = sweepId === fleetSweep ? "it is reserved" : tokenProblem(sweepId);
    if (problem !== undefined) {
      throw new FleetsweepError("sweep.invalid", `"${sweepId}" is no id for a sweep: ${problem}`);
    }
    const { log, nowMs, coordinator, fleet, signal } = this.#deps;
    const known = coordinator.state.sweeps.get(sweepId)?.submitted;
    if (known !== undefined && known !== null) return known;
    const plan = planSource(source, fleet);
    const submission = { sweepId, source: source.text, nowMs: nowMs() };
    const { event, seq } = await submitPlan(plan, submission, log);
    await coordinator.folded(seq, signal);
    if (coordinator.state.sweeps.get(sweepId)?.phase === "planning") {
      const why = "an earlier submission under this id wrote other shards; submit under a new id";
      throw new FleetsweepError("sweep.invalid", `sweep ${sweepId} was not taken: ${why}`);
    }
    return event;
  }

  *summaries(beforeSweepId: string): Iterable<SweepSummary> {
    if (beforeSweepId !== "") this.#sweep(beforeSweepId);
    const sweeps = [...this.#deps.coordinator.state.sweeps.values()];
    const end = sweeps.findIndex(({ sweepId }) => sweepId === beforeSweepId);
    for (const sweep of sweeps.slice(0, end < 0 ? sweeps.length : end).reverse()) {
      yield summarizeSweep(sweep);
    }
  }

  watch(sweepId: string): WatchedSweep {
    const sweep = this.#sweep(sweepId);
    const summary = summarizeSweep(sweep);
    return {
      summary: toWire(summary),
      hosts: () => this.#progress(sweep, summary.hostIds),
      ended: summary.state === "done" || summary.state === "cancelled",
    };
  }

  async cancel(sweepId: string, reason: string): Promise<void> {
    const { log, coordinator, signal } = this.#deps;
    const { phase } = this.#sweep(sweepId);
    if (phase === "sealed" || phase === "cancelled") {
      const state = phase === "sealed" ? "done" : phase;
      throw new FleetsweepError("sweep.invalid", `sweep ${sweepId} is already ${state}`);
    }
    const event = { type: "cancelled", sweepId, reason } as const;
    const seq = await log.append(event, { messageId: `${sweepId}.cancelled` });
    await coordinator.folded(seq, signal);
  }

  async *report(
    request: GetReportRequest__Output,
    signal: AbortSignal,
  ): AsyncIterable<GetReportResponse> {
    this.#sweep(request.sweepId);
    await this.#deps.coordinator.projected(signal);
    yield* this.#deps.report(request);
  }

  async *compare(request: CompareCellsRequest__Output, signal: AbortSignal): AsyncIterable<string> {
    await this.#deps.coordinator.projected(signal);
    yield* this.#deps.answers.compare(request);
  }

  async *history(cells: string, signal: AbortSignal): AsyncIterable<string> {
    await this.#deps.coordinator.projected(signal);
    yield* this.#deps.answers.history(cells);
  }

  async *query(sql: string, maxRows: number, signal: AbortSignal): AsyncIterable<string> {
    await this.#deps.coordinator.projected(signal);
    yield* this.#deps.answers.query(sql, maxRows, signal);
  }

  async *recommend(request: RecommendRequest__Output, signal: AbortSignal): AsyncIterable<string> {
    await this.#deps.coordinator.projected(signal);
    yield* this.#deps.answers.recommend(request);
  }

  async *export(
    request: ExportTableRequest__Output,
    signal: AbortSignal,
  ): AsyncIterable<Uint8Array> {
    await this.#deps.coordinator.projected(signal);
    yield* this.#deps.answers.export(request, signal);
  }

  hosts(afterHostId: string): Iterable<Host> {
    return this.#hostDesk.list(afterHostId);
  }

  cordon(hostId: string, how: { drain: boolean; reason: string }): Promise<string> {
    return this.#hostDesk.cordon(hostId, how);
  }

  uncordon(hostId: string, reason: string): Promise<Uncordoned> {
    return this.#hostDesk.uncordon(hostId, reason);
  }

  abandon(sweepId: string, hostId: string | null, reason: string): Promise<Abandoned> {
    return this.#hostDesk.abandon(this.#sweep(sweepId), hostId, reason);
  }

  #progress(sweep: Sweep, hostIds: readonly string[]): HostProgress[] {
    const works = worksByHost(sweep);
    return hostIds.map((hostId) => ({
      ...this.#doingOf(sweep, hostId),
      ...works.get(hostId),
    }));
  }

  #doingOf(sweep: Sweep, hostId: string): HostProgress {
    const host = this.#deps.fleet.get(hostId);
    const progress = host?.progress?.sweepId === sweep.sweepId ? host.progress : null;
    return {
      hostId,
      connected: host?.connected ?? false,
      cell: progress?.cellId ?? "",
      launch: progress?.launch ?? 0,
      phase: progress?.phase ?? "",
      state: this.#hostDesk.stateOf(hostId),
      spoolDepth: host?.spoolDepth ?? 0,
    };
  }

  #sweep(sweepId: string): Sweep {
    const sweep = this.#deps.coordinator.state.sweeps.get(sweepId);
    if (sweep !== undefined) return sweep;
    throw new FleetsweepError(
      "sweep.not_found",
      `no sweep ${sweepId}; \`fleetsweep sweeps\` lists them`,
    );
  }
}
