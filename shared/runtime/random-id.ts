import { createHash, randomBytes } from "node:crypto";
import type { Digest } from "../domain/cell.ts";

/** 128 random bits in hex: no two grants or attempts share one. */
export function randomId(): string {
  return randomBytes(16).toString("hex");
}

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** A ULID: 48 bits of milliseconds, 80 random bits; sorts by time (https://github.com/ulid/spec). */
export function makeUlid(nowMs: number): string {
  const random = BigInt(`0x${randomBytes(10).toString("hex")}`);
  let value = (BigInt(nowMs) << 80n) | random;
  let text = "";
  for (let digit = 0; digit < 26; digit++) {
    text = crockford.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text;
}

/** SHA-256 in lower-case hex. */
export const sha256: Digest = (text) => createHash("sha256").update(text).digest("hex");
