import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { FleetOfOne } from "./fleet-of-one.ts";

/** How soon a dead parent is noticed. */
const parentCheckMs = 500;

/**
 * Runs the work beside the fleet and stops the fleet afterwards, whatever happens: the work ends, the
 * user interrupts, our parent dies, or one of the three programs does.
 * @throws FleetsweepError program.died where a part of the fleet ended by itself.
 */
export async function whileUp(
  fleet: FleetOfOne,
  io: Io,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const parentCheck = setInterval(() => {
    if (io.node.parentDied()) stop.abort();
  }, parentCheckMs);
  const onInterrupt = () => stop.abort();
  io.signal.addEventListener("abort", onInterrupt, { once: true });
  try {
    const died = fleet.died.then((how) => {
      if (!stop.signal.aborted) throw new FleetsweepError("program.died", how);
    });
    await Promise.race([work(stop.signal), died]);
  } finally {
    stop.abort();
    clearInterval(parentCheck);
    io.signal.removeEventListener("abort", onInterrupt);
    await fleet.stop();
  }
}
