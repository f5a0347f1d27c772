/** The share of a certificate's life after which a new one is asked for: time is left to fail in. */
const renewShare = 0.5;
const minRenewMs = 1_000;
/** Node's timers hold 31 bits. */
const maxRenewMs = 2_147_483_647;

/** How long after its making a certificate is renewed, in ms. */
export function renewAfterMs(lifetimeMs: number): number {
  return Math.min(Math.max(lifetimeMs * renewShare, minRenewMs), maxRenewMs);
}
