import type { Clock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import type { Credentials } from "../../shared/security/credentials.ts";
import { renewAfterMs } from "../../shared/security/renewal-time.ts";

export interface ServerIdentityDeps {
  /** Makes credentials that are valid for `lifetimeMs` from now on. */
  readonly issue: () => Promise<Credentials>;
  readonly lifetimeMs: number;
  /** Told of new credentials. */
  readonly onRenewed: (held: Credentials) => void;
  readonly clock: Pick<Clock, "pause">;
  readonly logger: Logger;
}

/**
 * Makes the coordinator's own certificate anew long before it ends, until the signal aborts; what fails is
 * tried again at the next turn.
 */
export async function keepServerIdentity(
  { issue, lifetimeMs, onRenewed, clock, logger }: ServerIdentityDeps,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.pause(renewAfterMs(lifetimeMs), signal);
    if (signal.aborted) return;
    try {
      onRenewed(await issue());
      logger.info("the coordinator's certificate was renewed");
    } catch (error) {
      logger.error({ err: error }, "the coordinator's certificate could not be renewed");
    }
  }
}
