import type { ServerWritableStream } from "@grpc/grpc-js";
import type { CompareCellsRequest__Output } from "../../proto/gen/fleetsweep/v1/CompareCellsRequest.ts";
import type { ExportTableRequest__Output } from "../../proto/gen/fleetsweep/v1/ExportTableRequest.ts";
import type { GetReportRequest__Output } from "../../proto/gen/fleetsweep/v1/GetReportRequest.ts";
import type { GetReportResponse } from "../../proto/gen/fleetsweep/v1/GetReportResponse.ts";
import type { Host } from "../../proto/gen/fleetsweep/v1/Host.ts";
import type { OperatorServiceHandlers } from "../../proto/gen/fleetsweep/v1/OperatorService.ts";
import type { RecommendRequest__Output } from "../../proto/gen/fleetsweep/v1/RecommendRequest.ts";
import type { WatchSweepRequest__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepRequest.ts";
import type { WatchSweepResponse } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import { send } from "../../shared/rpc/duplex.ts";
import { sleep } from "../../shared/runtime/sleep.ts";
import type { SweepSummary } from "../logic/summary.ts";
import type { SweepSource } from "../submit.ts";
import { answerStream } from "./answer-stream.ts";
import { pageOfHosts } from "./host-pages.ts";
import { pageOfSweeps } from "./sweep-pages.ts";
import { unary } from "./unary.ts";
import { type WatchedSweep, watchSweep } from "./watch-sweep.ts";

/** What these handlers need of the coordinator: they translate, and decide nothing. */
export interface OperatorHub {
  submit(sweepId: string, source: SweepSource): Promise<{ cellCount: number; shardCount: number }>;
  /** The newest first, older than one of them unless its id is empty. @throws FleetsweepError sweep.not_found */
  summaries(beforeSweepId: string): Iterable<SweepSummary>;
  /** @throws FleetsweepError sweep.not_found */
  watch(sweepId: string): WatchedSweep;
  cancel(sweepId: string, reason: string): Promise<void>;
  /** The report's pieces: the header first, then its rows. */
  report(request: GetReportRequest__Output, signal: AbortSignal): AsyncIterable<GetReportResponse>;
  /** In the order of their ids, behind one of them. */
  hosts(afterHostId: string): Iterable<Host>;
  /** Pieces of the document, as JSON. */
  compare(request: CompareCellsRequest__Output, signal: AbortSignal): AsyncIterable<string>;
  /** One history each, as JSON. */
  history(cells: string, signal: AbortSignal): AsyncIterable<string>;
  query(sql: string, maxRows: number, signal: AbortSignal): AsyncIterable<string>;
  export(request: ExportTableRequest__Output, signal: AbortSignal): AsyncIterable<Uint8Array>;
  recommend(request: RecommendRequest__Output, signal: AbortSignal): AsyncIterable<string>;
  /** Takes a host out of service, and says its state then. @throws FleetsweepError host.not_found */
  cordon(
    hostId: string,
    how: { readonly drain: boolean; readonly reason: string },
  ): Promise<string>;
  /** @throws FleetsweepError host.not_found */
  uncordon(hostId: string, reason: string): Promise<Uncordoned>;
  /** @throws FleetsweepError sweep.not_found, sweep.invalid, host.not_found */
  abandon(sweepId: string, hostId: string | null, reason: string): Promise<Abandoned>;
}

/** A host that gets work again, and whether it did before. */
export interface Uncordoned {
  readonly state: string;
  readonly needless: boolean;
}

/** What was given up. */
export interface Abandoned {
  readonly shardCount: number;
  readonly cellCount: number;
}

/** The calls that are answered here; others have a file of their own. */
type OperatorCalls =
  | "SubmitSweep"
  | "ListSweeps"
  | "WatchSweep"
  | "CancelSweep"
  | "GetReport"
  | "CompareCells"
  | "GetHistory"
  | "QueryProjection"
  | "ExportTable"
  | "Recommend"
  | keyof ReturnType<typeof hostHandlers>
  | "ListHosts";

export function operatorHandlers(hub: OperatorHub): Pick<OperatorServiceHandlers, OperatorCalls> {
  return {
    SubmitSweep: unary(async ({ sweepId, fileName, source }) => ({
      sweepId,
      ...(await hub.submit(sweepId, { fileName, text: source })),
    })),
    ListSweeps: unary(({ beforeSweepId, limit }) =>
      pageOfSweeps(hub.summaries(beforeSweepId), limit),
    ),
    WatchSweep: (call) => answerStream(call, (signal) => tellOfSweep(call, hub, signal)),
    CancelSweep: unary(async ({ sweepId, reason }) => {
      await hub.cancel(sweepId, reason);
      return {};
    }),
    GetReport: (call) => answerStream(call, (signal) => sendReport(call, hub, signal)),
    ListHosts: unary(({ paged, afterHostId }) =>
      paged ? pageOfHosts(hub.hosts(afterHostId)) : { hosts: [...hub.hosts("")], more: false },
    ),
    CompareCells: (call) =>
      answerStream(call, async (signal) => {
        for await (const partJson of hub.compare(call.request, signal))
          await send(call, { partJson });
      }),
    GetHistory: (call) =>
      answerStream(call, async (signal) => {
        const histories = hub.history(call.request.cells, signal);
        for await (const historyJson of histories) await send(call, { historyJson });
      }),
    QueryProjection: (call) =>
      answerStream(call, async (signal) => {
        const { sql, maxRows } = call.request;
        const parts = hub.query(sql, maxRows, signal);
        for await (const partJson of parts) await send(call, { partJson });
      }),
    Recommend: (call) =>
      answerStream(call, async (signal) => {
        const parts = hub.recommend(call.request, signal);
        for await (const partJson of parts) await send(call, { partJson });
      }),
    ExportTable: (call) =>
      answerStream(call, async (signal) => {
        const chunks = hub.export(call.request, signal);
        for await (const data of chunks) await send(call, { data: Buffer.from(data) });
      }),
    ...hostHandlers(hub),
  };
}

function hostHandlers(hub: OperatorHub) {
  return {
    CordonHost: unary(async ({ hostId, drain, reason }) => ({
      state: await hub.cordon(hostId, { drain, reason }),
    })),
    UncordonHost: unary(({ hostId, reason }) => hub.uncordon(hostId, reason)),
    AbandonHost: unary(({ sweepId, hostId, reason }) =>
      hub.abandon(sweepId, hostId === "" ? null : hostId, reason),
    ),
  } satisfies Partial<OperatorServiceHandlers>;
}

function tellOfSweep(
  call: ServerWritableStream<WatchSweepRequest__Output, WatchSweepResponse>,
  hub: OperatorHub,
  signal: AbortSignal,
): Promise<void> {
  return watchSweep(call.request, {
    look: () => hub.watch(call.request.sweepId),
    tell: (response) => send(call, response),
    pause: (ms) => sleep(ms, signal),
  });
}

async function sendReport(
  call: ServerWritableStream<GetReportRequest__Output, GetReportResponse>,
  hub: OperatorHub,
  signal: AbortSignal,
): Promise<void> {
  for await (const part of hub.report(call.request, signal)) await send(call, part);
}
