import { createHash, randomBytes } from "node:crypto";
import type { Digest } from "../domain/cell.ts";

/** Random bytes that were asked for at once: a call of the system's generator costs as much as 256 ids. */
const pool = { bytes: Buffer.alloc(0), used: 0 };
const poolBytes = 4_096;
const idBytes = 16;

/** 128 random bits in hex: no two grants or attempts share one. */
export function randomId(): string {
  if (pool.used + idBytes > pool.bytes.length) {
    pool.bytes = randomBytes(poolBytes);
    pool.used = 0;
  }
  pool.used += idBytes;
  return pool.bytes.toString("hex", pool.used - idBytes, pool.used);
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
