import { type Cell, numberAxis } from "./cell.ts";

/** How calls come to an instance; the sweep file's `arrival`. */
export const arrivalPatterns = ["closed", "offline", "server", "multi-stream"] as const;

export type ArrivalPattern = (typeof arrivalPatterns)[number];

/**
 * How the calls of one cell arrive. `closed`: each as soon as the one before it is over. `offline`: all at
 * once, and the rate over them all counts. `server`: at random moments of a Poisson process,
 * `callsPerSecond` for all instances together, each timed from its intended start. `multi-stream`:
 * `streams` calls at once, timed until the last is over, and the next ones then.
 */
export type Arrival =
  | { readonly pattern: "closed" | "offline" }
  | { readonly pattern: "server"; readonly callsPerSecond: number }
  | { readonly pattern: "multi-stream"; readonly streams: number };

/** The axis that each pattern needs beside `arrival`; it means nothing to the others. */
export const arrivalSettings: Readonly<Record<string, ArrivalPattern>> = {
  arrival_rate: "server",
  streams: "multi-stream",
};

/** What a cell says of its arrivals, or what is wrong with it; without `arrival` they are closed. */
export function readArrival(cell: Cell): Arrival | { readonly problem: string } {
  const pattern = arrivalPatterns.find((word) => word === (cell["arrival"] ?? "closed"));
  switch (pattern) {
    case undefined:
      return { problem: `${cell["arrival"]} is none of ${arrivalPatterns.join(", ")}` };
    case "closed":
    case "offline":
      return { pattern };
    case "server": {
      const callsPerSecond = numberAxis(cell, "arrival_rate");
      if (callsPerSecond !== undefined && callsPerSecond > 0) return { pattern, callsPerSecond };
      return { problem: "arrival: server needs arrival_rate, the calls per second" };
    }
    case "multi-stream": {
      const streams = numberAxis(cell, "streams");
      if (streams !== undefined && streams >= 1) return { pattern, streams };
      return { problem: "arrival: multi-stream needs streams, the calls that come at once" };
    }
  }
}
