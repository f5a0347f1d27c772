import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { Identity } from "../../shared/domain/identity.ts";
import { makeDirectory } from "../../shared/runtime/make-directory.ts";
import { writeDurably } from "../../shared/runtime/write-durably.ts";
import {
  issueCertificate,
  type KeyedCertificate,
  makeAuthority,
} from "../../shared/security/certificate.ts";
import {
  type Credentials,
  caFile,
  isForKey,
  readSecretFile,
} from "../../shared/security/credentials.ts";
import { makeKey, publicKeyOf } from "../../shared/security/keys.ts";
import { fingerprintOf } from "../../shared/security/peer.ts";

/** The authority of a fleet as it lies in a coordinator's state directory. */
export interface Authority {
  readonly directory: string;
  readonly held: KeyedCertificate;
  readonly fingerprint: string;
}

const keyFile = "ca.key";

/** Where a coordinator's state directory has its authority, with tokens, hosts and revocations. */
export function authorityDirectory(state: string): string {
  return join(state, "ca");
}

/** @throws FleetsweepError config.invalid where there is one already: a new one would lock every host out. */
export async function initAuthority(state: string, nowMs: number): Promise<Authority> {
  const directory = authorityDirectory(state);
  if ((await openAuthority(state)) !== null) {
    const what = `${directory} holds an authority already; remove it to lock every host out`;
    throw new FleetsweepError("config.invalid", what);
  }
  for (const part of ["", "tokens", "hosts"]) await makeDirectory(join(directory, part), 0o700);
  const held = await makeAuthority("fleetsweep authority", nowMs);
  await writeDurably(join(directory, keyFile), held.keyPem);
  // Last: where this file is, everything else is there.
  await writeDurably(join(directory, caFile), held.certificatePem, 0o644);
  return { directory, held, fingerprint: fingerprintOf(held.certificatePem) };
}

/**
 * The authority, or null where the state directory has none.
 * @throws FleetsweepError config.invalid where it is damaged or others can read its key.
 */
export async function openAuthority(state: string): Promise<Authority | null> {
  const directory = authorityDirectory(state);
  const certificatePem = await readFile(join(directory, caFile), "utf8").catch(() => null);
  if (certificatePem === null) return null;
  const keyPem = await readSecretFile(join(directory, keyFile));
  if (keyPem === null)
    throw new FleetsweepError("config.invalid", `${directory} has no ${keyFile}`);
  if (!isForKey(certificatePem, keyPem)) {
    const what = `${directory}: ${keyFile} is not the key of ${caFile}`;
    throw new FleetsweepError("config.invalid", what);
  }
  return {
    directory,
    held: { certificatePem, keyPem },
    fingerprint: fingerprintOf(certificatePem),
  };
}

/** @throws FleetsweepError config.invalid where the state directory has no authority. */
export async function requireAuthority(state: string): Promise<Authority> {
  const authority = await openAuthority(state);
  if (authority !== null) return authority;
  const what = `${state} has no authority yet: make one with \`fleetsweep ca init --state ${state}\``;
  throw new FleetsweepError("config.invalid", what);
}

export interface Lifetime {
  readonly nowMs: number;
  readonly lifetimeMs: number;
  readonly serverNames?: readonly string[];
}

/** New credentials with a key that is made here: for coordinators and operators. */
export async function issueCredentials(
  { held }: Authority,
  identity: Identity,
  lifetime: Lifetime,
): Promise<Credentials> {
  const keyPem = makeKey();
  const publicKey = publicKeyOf(keyPem);
  const issue = { authority: held, identity, publicKey, ...lifetime };
  return { caPem: held.certificatePem, certificatePem: await issueCertificate(issue), keyPem };
}
