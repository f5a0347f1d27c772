import { readFile, rm } from "node:fs/promises";
import { join as joinPath } from "node:path";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";
import { writeDurably } from "../../shared/runtime/write-durably.ts";
import {
  type Credentials,
  readSecretFile,
  writeCredentials,
} from "../../shared/security/credentials.ts";
import { isJoinToken, parseJoinToken } from "../../shared/security/join-token.ts";
import { makeKey } from "../../shared/security/keys.ts";
import { checkCertificate } from "./check-certificate.ts";
import { findAuthority } from "./find-authority.ts";
import { askToEnrol } from "./identity-client.ts";

export interface JoinOptions {
  /** A token, or the name of a file that holds one. */
  readonly join: string;
  /** `host:port` of the coordinator's port for enrolment. */
  readonly address: string;
  readonly hostId: string;
  /** Where the identity is kept. */
  readonly directory: string;
}

/**
 * Enrols this host: makes its key here, checks the coordinator by the token's fingerprint before it
 * says anything, and keeps what it gets. The key is kept until it has a certificate, so that a try
 * whose answer was lost may be repeated with the same token.
 * @throws FleetsweepError token.refused, peer.untrusted, link.unavailable, rate.limited, config.invalid.
 */
export async function joinFleet(options: JoinOptions): Promise<Credentials> {
  const { address, hostId, directory } = options;
  const text = await readToken(options.join);
  const { fingerprint } = parseJoinToken(text);
  const caPem = await findAuthority(address, fingerprint);
  const keyPem = await pendingKey(directory);
  const { makeRequest } = await import("../../shared/security/certificate.ts");
  const certificateRequest = await makeRequest(keyPem);
  const request = { token: text.trim(), hostId, certificateRequest };
  const certificatePem = await askToEnrol(address, { caPem }, request);
  const held = { caPem, certificatePem, keyPem };
  checkCertificate(held, hostId);
  await writeCredentials(directory, held);
  await rm(joinPath(directory, pendingFile));
  return held;
}

async function readToken(join: string): Promise<string> {
  if (isJoinToken(join)) return join;
  try {
    return await readFile(join, "utf8");
  } catch (cause) {
    // Never the text itself: it may be a token with a slip of the pen in it.
    const why = describeFailure(cause).replaceAll(join, "FILE");
    const what = `--join is no join token, and no file that can be read: ${why}`;
    throw new FleetsweepError("token.refused", what, { cause });
  }
}

const pendingFile = "pending.key";

async function pendingKey(directory: string): Promise<string> {
  await makeDirectory(directory, 0o700);
  const file = joinPath(directory, pendingFile);
  const kept = await readSecretFile(file);
  if (kept !== null) return kept;
  const keyPem = makeKey();
  await writeDurably(file, keyPem);
  return keyPem;
}
