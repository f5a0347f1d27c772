import type { Readable } from "node:stream";
import type { PrepareMessage, RunnerMessage, StartMessage } from "../../runner/contract.ts";
import { type Inbox, openInbox } from "./inbox.ts";
import { sleepUntil } from "./sleep-until.ts";
import { timeArrivals } from "./time-arrivals.ts";
import { warmUp } from "./warm-up.ts";
import { type LoadWorkload, type PreparedCall, RunnerFault, type Workload } from "./workload.ts";

/** The process of a runner, as its main.ts hands it over. */
export interface RunnerIo {
  readonly input: Readable;
  /** Whole lines, one or several. */
  write(lines: string): void;
  /** CLOCK_MONOTONIC in ns. */
  readonly nowNs: () => bigint;
  exit(code: number): void;
}

/**
 * Speaks the runner contract for a workload until the agent says `stop` or closes stdin. A fault in
 * a cell is reported and the runner stays; a fault while loading ends it.
 */
export async function serve(io: RunnerIo, load: LoadWorkload): Promise<void> {
  const inbox = openInbox(io.input, () => io.exit(0));
  const start = await inbox.next();
  if (start === null) return;
  if (start.type !== "start") throw new Error(`expected start, got ${start.type}`);
  const workload = await loadReported(io, load, start);
  if (workload === null) return io.exit(1);
  for (;;) {
    const message = await inbox.next();
    if (message === null || message.type === "stop") return io.exit(0);
    // A `finish` may cross the cell's own end on the pipe.
    if (message.type === "finish") continue;
    if (message.type !== "prepare") throw new Error(`expected prepare, got ${message.type}`);
    await serveCell({ io, inbox, workload }, message);
  }
}

async function loadReported(
  io: RunnerIo,
  load: LoadWorkload,
  start: StartMessage,
): Promise<Workload | null> {
  const before = io.nowNs();
  try {
    const workload = await load(start);
    const { versions, threads, readback } = workload;
    const load_ns = Number(io.nowNs() - before);
    send(io, { type: "ready", contract: 1, versions, threads, load_ns, readback });
    return workload;
  } catch (error) {
    if (!(error instanceof RunnerFault)) throw error;
    send(io, { type: "failed", cell: null, reason: error.reason, message: error.message });
    return null;
  }
}

interface Served {
  readonly io: RunnerIo;
  readonly inbox: Inbox;
  readonly workload: Workload;
}

async function serveCell(served: Served, message: PrepareMessage): Promise<void> {
  const { cell } = message;
  try {
    const prepared = await served.workload.prepare({
      batchSize: message.batch_size,
      sequenceLength: message.sequence_length,
    });
    await measure(served, message, prepared);
  } catch (error) {
    if (!(error instanceof RunnerFault)) throw error;
    send(served.io, { type: "failed", cell, reason: error.reason, message: error.message });
  }
}

async function measure(
  { io, inbox, workload }: Served,
  message: PrepareMessage,
  prepared: PreparedCall,
): Promise<void> {
  const { cell, arrival, run_on } = message;
  const nowNs = workload.nowNs ?? io.nowNs;
  const call = (): Promise<void> | void => prepared.call();
  const warmed = await warmUp(call, nowNs, message.warmup.max_ms);
  const { calls, firstCallNs: first_call_ns, callNs: call_ns, steady } = warmed;
  const durations_ns = [...warmed.durationsNs];
  send(io, { type: "warm", cell, calls, first_call_ns, call_ns, steady, durations_ns });
  const go = await inbox.next();
  if (go === null || go.type === "stop") return io.exit(0);
  if (go.type !== "go") throw new Error(`expected go, got ${go.type}`);
  const told: RunnerMessage[] = [];
  const run = await timeArrivals(call, {
    message,
    go,
    nowNs,
    waitUntil: workload.waitUntil ?? sleepUntil(nowNs),
    // Pretended time costs none, so nobody is kept company by going on.
    runOn: run_on && workload.nowNs === undefined,
    onEnough: () => {
      told.push({ type: "enough", cell });
      // Where nobody waits for it, it goes with what follows: the agent wakes up once.
      if (run_on) send(io, ...told.splice(0));
    },
    isFinishing: () => inbox.isFinishing(),
  });
  send(io, ...told, {
    type: "done",
    cell,
    started_ns: run.startedNs.toString(),
    ended_ns: run.endedNs.toString(),
    arrival: arrival.pattern,
    durations_ns: [...run.durationsNs],
    ...(run.serviceNs === undefined ? {} : { service_ns: [...run.serviceNs] }),
    checksum: prepared.checksum(),
    ...(prepared.readback === undefined ? {} : { readback: prepared.readback }),
  });
}

function send(io: RunnerIo, ...messages: readonly RunnerMessage[]): void {
  io.write(messages.map((message) => `${JSON.stringify(message)}\n`).join(""));
}
