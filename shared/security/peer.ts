import { createHash, X509Certificate } from "node:crypto";
import { type Identity, parseIdentityUri } from "../domain/identity.ts";
import { issuedAtMs } from "./serial.ts";

/** What a certificate says that its authority has signed. */
export interface Peer {
  readonly identity: Identity;
  readonly serial: string;
  readonly issuedAtMs: number;
  readonly notAfterMs: number;
}

/**
 * Reads a certificate whose chain TLS has checked already. Null where it does not name exactly one
 * identity: such a certificate is none of ours.
 */
export function readPeer(certificate: Uint8Array | string): Peer | null {
  const read = new X509Certificate(certificate);
  const identities = identitiesOf(read.subjectAltName ?? "");
  const issued = issuedAtMs(read.serialNumber);
  const [identity] = identities;
  if (identity === undefined || identities.length > 1 || issued === null) return null;
  const notAfterMs = Date.parse(read.validTo);
  return { identity, serial: read.serialNumber.toLowerCase(), issuedAtMs: issued, notAfterMs };
}

/** SHA-256 of a certificate in DER, in lower-case hex. */
export function fingerprintOf(certificate: Uint8Array | string): string {
  const { raw } = new X509Certificate(certificate);
  return createHash("sha256").update(raw).digest("hex");
}

/** Node quotes names that hold a comma or a quote; none of ours does, so splitting is safe. */
function identitiesOf(subjectAltName: string): Identity[] {
  return subjectAltName.split(", ").flatMap((name) => {
    if (!name.startsWith("URI:")) return [];
    const identity = parseIdentityUri(name.slice("URI:".length));
    return identity === null ? [] : [identity];
  });
}
