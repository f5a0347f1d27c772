import type { WatchSweepResponse__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { Operator } from "./operator-client.ts";
import { renderProgress } from "./progress.ts";

/** Without a terminal, one line at the most so often. */
const plainIntervalMs = 10_000;
/** A terminal is redrawn so often at the most, so that the elapsed time moves. */
const redrawIntervalMs = 500;

export type FollowOutcome = "done" | "failed-cells" | "cancelled";

/**
 * Shows a sweep's progress on stderr until it ends: rows that redraw themselves on a terminal, a line
 * now and then elsewhere.
 */
export async function followSweep(
  operator: Operator,
  sweepId: string,
  io: Io,
): Promise<FollowOutcome> {
  const startedMs = Date.now();
  const painter = io.stderrIsTty ? new Painter(io) : new LinePrinter(io);
  let latest: WatchSweepResponse__Output | undefined;
  const paint = () => {
    if (latest === undefined) return;
    painter.paint(renderProgress(latest, Date.now() - startedMs, io.columns));
  };
  const timer = setInterval(paint, redrawIntervalMs);
  try {
    for await (const response of operator.stream((client) => client.watchSweep({ sweepId }))) {
      latest = response;
      paint();
    }
  } catch (error) {
    throw explainLoss(error, sweepId);
  } finally {
    clearInterval(timer);
    painter.finish();
  }
  return outcomeOf(latest);
}

/** Who follows a sweep is not needed for it. */
function explainLoss(error: unknown, sweepId: string): unknown {
  if (!(error instanceof FleetsweepError) || error.code !== "link.unavailable") return error;
  const goesOn = `what was measured is kept, and sweep ${sweepId} goes on with a new one`;
  return new FleetsweepError(error.code, `the coordinator went away; ${goesOn}`, { cause: error });
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
    this.#io.talk(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join("")}`);
    this.#lines = lines.length;
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

  finish(): void {
    this.#print();
  }

  #print(): void {
    this.#io.talk(this.#latest.map((line) => `${line}\n`).join(""));
  }
}
