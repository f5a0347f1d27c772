import type { Logger } from "../shared/runtime/logger.ts";
import type { HostKeeper } from "./coordinator-deps.ts";
import type { HostFacts } from "./sessions.ts";

/** Keeps a host's facts for reports, in the background; what fails shows in the next report only. */
export function keepFacts(
  { store, logger }: { readonly store: HostKeeper; readonly logger: Logger },
  { runners, ...facts }: HostFacts,
  observedAtMs: number,
): void {
  const snapshot = { ...facts, runnersJson: JSON.stringify(runners), observedAtMs };
  store.putHost(snapshot).catch((error: unknown) => {
    logger.warn({ err: error, host_id: facts.hostId }, "could not keep a host's facts");
  });
}
