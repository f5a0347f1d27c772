import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects all garbage at once and gives what it took back to the system. V8 does so by itself only while a
 * program allocates: one that starts and then waits would keep for ever what its start left behind. Stops the
 * program for some milliseconds, so for moments in which nothing is measured.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  setFlagsFromString("--no-expose-gc");
  // Code that nothing has run since the last time goes with the second.
  collect();
  collect();
}
