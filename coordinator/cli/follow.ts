import type { HostProgress__Output } from "../../proto/gen/fleetsweep/v1/HostProgress.ts";
import type { WatchSweepResponse__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import type { Io } from "../../shared/cli/command.ts";
import { type ErrorCode, FleetsweepError } from "../../shared/domain/errors.ts";
import { pause } from "../../shared/runtime/sleep.ts";
import { type Operator, tryRedial } from "./operator-client.ts";
import { renderProgress, renderReasons } from "./progress.ts";

/** Without a terminal, one line at the most so often. */
const plainIntervalMs = 10_000;
/** What a terminal of 24 lines can redraw in place, with the lines of the sweep itself. */
const shownHosts = 20;
/** A terminal is redrawn so often at the most, so that the elapsed time moves. */
const redrawIntervalMs = 500;

/** How long to look for a coordinator after the last one went away, and how often. */
export interface Patience {
  readonly forMs: number;
  readonly pauseMs: number;
}

/** One that systemd starts again is back within this time, with its log folded. */
const usualPatience: Patience = { forMs: 20_000, pauseMs: 500 };

export type FollowOutcome = "done" | "failed-cells" | "cancelled";

/**
 * Shows a sweep's progress on stderr until it ends: rows that redraw themselves on a terminal, a line
 * now and then elsewhere. Goes on with another coordinator, or the same one started again, where the one
 * that it asks goes away. @throws FleetsweepError link.unavailable where none comes in time.
 */
export async function followSweep(
  operator: Pick<Operator, "stream" | "redial">,
  sweepId: string,
  io: Io,
  patience: Patience = usualPatience,
): Promise<FollowOutcome> {
  const startedMs = Date.now();
  const painter = io.stderrIsTty ? new Painter(io) : new LinePrinter(io);
  let latest: WatchSweepResponse__Output | undefined;
  let heardMs = startedMs;
  let newAddress = "";
  const paint = () => {
    if (latest === undefined) return;
    painter.paint(renderProgress(latest, Date.now() - startedMs, io.columns, shownHosts));
  };
  const timer = setInterval(paint, redrawIntervalMs);
  const show = (response: WatchSweepResponse__Output): void => {
    if (newAddress !== "")
      painter.say(`the coordinator went away; following through ${newAddress}`);
    newAddress = "";
    latest = response;
    heardMs = Date.now();
    paint();
  };
  try {
    for (;;) {
      const loss = await watch(operator, sweepId, show);
      if (loss === null) return outcomeOf(latest);
      if (latest === undefined) throw explainLoss(loss, sweepId);
      const address = await findAnother(operator, patience, { heardMs, signal: io.signal });
      if (address === null) throw explainLoss(loss, sweepId);
      newAddress = address;
    }
  } finally {
    clearInterval(timer);
    painter.finish();
    const reasons = latest === undefined ? [] : renderReasons(latest, io.columns);
    for (const line of reasons) io.talk(`${line}\n`);
  }
}

/** Until the sweep is over: null. Else with why the coordinator has no more to say. */
async function watch(
  operator: Pick<Operator, "stream">,
  sweepId: string,
  show: (response: WatchSweepResponse__Output) => void,
): Promise<FleetsweepError | null> {
  let state = "";
  const request = { sweepId, changes: true };
  // By host: a coordinator names those alone that changed. An older one names all of them, always.
  const hosts = new Map<string, HostProgress__Output>();
  try {
    for await (const response of operator.stream((client) => client.watchSweep(request))) {
      state = response.summary?.state ?? "";
      for (const host of response.hosts) hosts.set(host.hostId, host);
      show({ ...response, hosts: [...hosts.values()] });
    }
  } catch (error) {
    if (error instanceof FleetsweepError && losses.includes(error.code)) return error;
    throw error;
  }
  if (state === "done" || state === "cancelled") return null;
  return new FleetsweepError("link.unavailable", "the coordinator ended the stream");
}

/** What another coordinator, or the same one a moment later, can mend: one that has just begun knows no sweep yet. */
const losses: readonly ErrorCode[] = ["link.unavailable", "bus.unavailable", "sweep.not_found"];

/** The address of a coordinator to go on with; null where none answers in time. */
async function findAnother(
  operator: Pick<Operator, "redial">,
  { forMs, pauseMs }: Patience,
  { heardMs, signal }: { readonly heardMs: number; readonly signal: AbortSignal },
): Promise<string | null> {
  for (;;) {
    await pause(pauseMs, signal);
    if (signal.aborted || Date.now() - heardMs >= forMs) return null;
    const address = await tryRedial(operator);
    if (address !== null) return address;
  }
}

/** Who follows a sweep is not needed for it. */
function explainLoss(loss: FleetsweepError, sweepId: string): FleetsweepError {
  if (loss.code !== "link.unavailable") return loss;
  const goesOn = `what was measured is kept, and sweep ${sweepId} goes on with a new one`;
  return new FleetsweepError(loss.code, `the coordinator went away; ${goesOn}`, { cause: loss });
}

function outcomeOf(latest: WatchSweepResponse__Output | undefined): FollowOutcome {
  const summary = latest?.summary;
  if (summary === undefined || summary === null) {
    throw new FleetsweepError("link.unavailable", "the coordinator said nothing of the sweep");
  }
  if (summary.state === "cancelled") return "cancelled";
  return (summary.cells?.failed ?? 0) > 0 ? "failed-cells" : "done";
}

/** Redraws its lines in place. */
class Painter {
  readonly #io: Io;
  #lines = 0;

  constructor(io: Io) {
    this.#io = io;
  }

  paint(lines: readonly string[]): void {
    const up = this.#lines > 0 ? `\u001b[${this.#lines}A` : "";
    // What the lines before were longer by, and more of, is erased.
    this.#io.talk(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join("")}\u001b[J`);
    this.#lines = lines.length;
  }

  /** A line that stays above those that are redrawn from now on. */
  say(line: string): void {
    this.#io.talk(`${line}\n`);
    this.#lines = 0;
  }

  finish(): void {}
}

/** Prints when something has changed, and not too often. */
class LinePrinter {
  readonly #io: Io;
  #printedMs = Number.NEGATIVE_INFINITY;
  #latest: readonly string[] = [];

  constructor(io: Io) {
    this.#io = io;
  }

  paint(lines: readonly string[]): void {
    this.#latest = lines;
    if (Date.now() - this.#printedMs < plainIntervalMs) return;
    this.#printedMs = Date.now();
    this.#print();
  }

  say(line: string): void {
    this.#io.talk(`${line}\n`);
  }

  finish(): void {
    this.#print();
  }

  #print(): void {
    this.#io.talk(this.#latest.map((line) => `${line}\n`).join(""));
  }
}
