import { timingSafeEqual } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { syncDirectory, writeDurably } from "../../shared/runtime/write-durably.ts";
import { hashSecret, type JoinToken, makeJoinToken } from "../../shared/security/join-token.ts";
import type { Authority } from "./authority.ts";

/**
 * Join tokens as files: `tokens/<id>.json` is one that was made, `<id>.used.json` beside it says that it
 * was used, by which host and with which key. The second file is made once, whoever tries how often at the
 * same time, and before anything is signed.
 */
const madeSchema = z.strictObject({
  secret_sha256: z.string().length(64),
  host_id: z.string().nullable(),
  created_at_ms: z.number(),
  expires_at_ms: z.number(),
});
const usedSchema = z.strictObject({
  host_id: z.string(),
  key_sha256: z.string().length(64),
  used_at_ms: z.number(),
});

export interface NewToken {
  /** The only host that may use it; null for any that is not enrolled yet. */
  readonly hostId: string | null;
  readonly nowMs: number;
  readonly lifetimeMs: number;
}

export async function createToken(
  { directory, fingerprint }: Authority,
  { hostId, nowMs, lifetimeMs }: NewToken,
): Promise<JoinToken> {
  const token = makeJoinToken(fingerprint);
  const made: z.infer<typeof madeSchema> = {
    secret_sha256: hashSecret(token.secret),
    host_id: hostId,
    created_at_ms: nowMs,
    expires_at_ms: nowMs + lifetimeMs,
  };
  await writeDurably(fileOf(directory, token.id), `${JSON.stringify(made)}\n`);
  return token;
}

export interface Redemption {
  readonly token: JoinToken;
  readonly hostId: string;
  /** SHA-256 of the public key that is to be certified. */
  readonly keySha256: string;
  readonly nowMs: number;
}

/**
 * Uses a token up. The same host may use it again with the same key until it expires, for an answer may be
 * lost on its way. Resolves with whether the token names its host.
 * @throws FleetsweepError token.refused with the reason: unknown, expired, used, or for another host.
 */
export async function redeemToken(
  directory: string,
  { token, hostId, keySha256, nowMs }: Redemption,
): Promise<{ readonly isBound: boolean }> {
  const made = await readJson(fileOf(directory, token.id), madeSchema);
  // One answer for an unknown id and a wrong secret: nobody learns which tokens there are.
  if (made === null || !isSame(made.secret_sha256, hashSecret(token.secret))) {
    throw refused(token, "it is unknown here");
  }
  if (nowMs >= made.expires_at_ms) {
    throw refused(token, `it expired at ${new Date(made.expires_at_ms).toISOString()}`);
  }
  if (made.host_id !== null && made.host_id !== hostId) {
    throw refused(token, `it is for the host ${made.host_id}, not for ${hostId}`);
  }
  const use = { host_id: hostId, key_sha256: keySha256, used_at_ms: nowMs };
  if (!(await burn(usedFileOf(directory, token.id), use))) {
    const first = await readJson(usedFileOf(directory, token.id), usedSchema);
    if (first === null || first.host_id !== hostId || first.key_sha256 !== keySha256) {
      throw refused(token, "it was used before, and a token can be used once");
    }
  }
  return { isBound: made.host_id !== null };
}

/** False where the token was used before. */
async function burn(file: string, use: z.infer<typeof usedSchema>): Promise<boolean> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(use)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  await syncDirectory(join(file, ".."));
  return true;
}

function refused({ id }: JoinToken, why: string): FleetsweepError {
  return new FleetsweepError("token.refused", `the join token ${id} is refused: ${why}`);
}

function isSame(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Ids come checked: 16 hexadecimal digits. */
function fileOf(directory: string, id: string): string {
  return join(directory, "tokens", `${id}.json`);
}

function usedFileOf(directory: string, id: string): string {
  return join(directory, "tokens", `${id}.used.json`);
}

/** Null where the file is not there or was not written to its end. */
async function readJson<Value>(file: string, schema: z.ZodType<Value>): Promise<Value | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null; // Half written: it cannot be used, which is the safe side.
  }
}
