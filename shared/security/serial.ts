import { randomBytes } from "node:crypto";

/**
 * Serial numbers tell when they were issued, without the backdating of `notBefore`: a revocation ends
 * what was issued before it and nothing after. 6 bytes of ms behind a 1, then 72 random bits; 16 of at
 * most 20 bytes (RFC 5280, 4.1.2.2).
 */
export function makeSerial(nowMs: number): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, "0");
  return `01${time}${randomBytes(9).toString("hex")}`;
}

/** When a serial number was issued, in ms, or null for one that is not ours. */
export function issuedAtMs(serial: string): number | null {
  const [, time] = /^0?1([0-9a-f]{12})[0-9a-f]{18}$/i.exec(serial) ?? [];
  return time === undefined ? null : Number.parseInt(time, 16);
}
