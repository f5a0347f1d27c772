import { FleetsweepError } from "../../shared/domain/errors.ts";
import {
  type Credentials,
  isForKey,
  isSignedBy,
  peerOf,
} from "../../shared/security/credentials.ts";
import type { Peer } from "../../shared/security/peer.ts";

/**
 * Checks what came from outside before it is kept: signed by the authority, for our key, naming us.
 * @throws FleetsweepError peer.untrusted
 */
export function checkCertificate(held: Credentials, hostId: string): Peer {
  const peer = peerOf(held, "the certificate that came");
  const { identity } = peer;
  if (identity.kind !== "host" || identity.hostId !== hostId) {
    throw untrusted(`it does not name the host ${hostId}`);
  }
  if (!isSignedBy(held.certificatePem, held.caPem))
    throw untrusted("the authority has not signed it");
  if (!isForKey(held.certificatePem, held.keyPem)) throw untrusted("it is for another key");
  return peer;
}

function untrusted(why: string): FleetsweepError {
  return new FleetsweepError("peer.untrusted", `the certificate that came cannot be used: ${why}`);
}
