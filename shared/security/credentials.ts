import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { FleetsweepError } from "../domain/errors.ts";
import { describeFailure } from "../runtime/describe-failure.ts";
import { makeDirectory } from "../runtime/make-directory.ts";
import { writeDurably } from "../runtime/write-durably.ts";
import { publicKeyOf } from "./keys.ts";
import { type Peer, readPeer } from "./peer.ts";

/** What one identity shows to others, and whom it trusts. */
export interface Credentials {
  readonly caPem: string;
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** The authority's certificate. */
export const caFile = "ca.crt";
/** Certificate and key in one file, so that no reader ever finds the one with another one's other half. */
export const identityFile = "identity.pem";

export async function writeCredentials(directory: string, held: Credentials): Promise<void> {
  await makeDirectory(directory, 0o700);
  await writeDurably(join(directory, caFile), held.caPem, 0o644);
  await writeDurably(join(directory, identityFile), `${held.certificatePem}${held.keyPem}`);
}

/**
 * The credentials in a directory, or null where there are none.
 * @throws FleetsweepError config.invalid where they are damaged or others can read the key.
 */
export async function readCredentials(directory: string): Promise<Credentials | null> {
  const file = join(directory, identityFile);
  const text = await readSecretFile(file);
  if (text === null) return null;
  const certificatePem = blockOf(text, "CERTIFICATE");
  const keyPem = blockOf(text, "PRIVATE KEY");
  const caPem = await readFile(join(directory, caFile), "utf8").catch(() => null);
  if (certificatePem !== null && keyPem !== null && caPem !== null) {
    return { caPem, certificatePem, keyPem };
  }
  const lacks = caPem === null ? caFile : identityFile;
  throw new FleetsweepError("config.invalid", `${directory} holds no whole credentials: ${lacks}`);
}

/**
 * A file that holds a secret, or null where there is none.
 * @throws FleetsweepError config.invalid where others than its owner can read it, or we cannot.
 */
export async function readSecretFile(file: string): Promise<string | null> {
  try {
    const { mode } = await stat(file);
    if ((mode & 0o077) !== 0) {
      const rights = (mode & 0o777).toString(8).padStart(3, "0");
      const what = `${file} holds a secret, and others may read it (mode ${rights}): chmod 600 it`;
      throw new FleetsweepError("config.invalid", what);
    }
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new FleetsweepError("config.invalid", `cannot read ${file}: ${describeFailure(error)}`);
  }
}

/** @throws FleetsweepError config.invalid where the certificate names no identity or cannot be read. */
export function peerOf({ certificatePem }: Credentials, where: string): Peer {
  try {
    const peer = readPeer(certificatePem);
    if (peer !== null) return peer;
  } catch (cause) {
    throw new FleetsweepError("config.invalid", `${where}: the certificate is damaged`, { cause });
  }
  throw new FleetsweepError("config.invalid", `${where}: the certificate names nobody`);
}

/** Whether the certificate was signed by the authority. */
export function isSignedBy(certificatePem: string, caPem: string): boolean {
  return new X509Certificate(certificatePem).verify(new X509Certificate(caPem).publicKey);
}

/** Whether the certificate is for the private key. */
export function isForKey(certificatePem: string, keyPem: string): boolean {
  const key = new X509Certificate(certificatePem).publicKey;
  return key.export({ type: "spki", format: "der" }).equals(publicKeyOf(keyPem));
}

function blockOf(text: string, name: string): string | null {
  const pattern = new RegExp(`-----BEGIN ${name}-----[^-]+-----END ${name}-----`);
  const [block] = pattern.exec(text) ?? [];
  return block === undefined ? null : `${block}\n`;
}
