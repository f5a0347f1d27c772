import { createHash, randomBytes } from "node:crypto";
import { FleetsweepError } from "../domain/errors.ts";

/**
 * A one-use right to enrol a host: `fsj1.<id>.<secret>.<fingerprint>`. The fingerprint is that of the
 * authority, so that the host knows whom it talks to before it says anything.
 */
export interface JoinToken {
  /** Public: 64 random bits in hex. */
  readonly id: string;
  /** 256 random bits in base64url. */
  readonly secret: string;
  /** SHA-256 of the authority's certificate in DER, in hex. */
  readonly fingerprint: string;
}

const pattern = /^fsj1\.([0-9a-f]{16})\.([A-Za-z0-9_-]{43})\.([0-9a-f]{64})$/;

export function makeJoinToken(fingerprint: string): JoinToken {
  const secret = randomBytes(32).toString("base64url");
  return { id: randomBytes(8).toString("hex"), secret, fingerprint };
}

export function formatJoinToken({ id, secret, fingerprint }: JoinToken): string {
  return `fsj1.${id}.${secret}.${fingerprint}`;
}

/** Whether the text is a token itself, and not a file that holds one. */
export function isJoinToken(text: string): boolean {
  return pattern.test(text.trim());
}

/** @throws FleetsweepError token.refused where the text is no token; it never shows the text. */
export function parseJoinToken(text: string): JoinToken {
  const [, id, secret, fingerprint] = pattern.exec(text.trim()) ?? [];
  if (id !== undefined && secret !== undefined && fingerprint !== undefined) {
    return { id, secret, fingerprint };
  }
  const what = "this is no join token (make one with `fleetsweep token create`)";
  throw new FleetsweepError("token.refused", what);
}

/** What is kept of a secret. A hash without salt is enough: 256 random bits cannot be guessed. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
