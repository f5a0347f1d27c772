import type { PeerCertificate } from "node:tls";
import { identityPath } from "../../shared/domain/identity.ts";
import { type Peer, readPeer } from "../../shared/security/peer.ts";

/** What gRPC tells of a connection: the certificate, where TLS has found it sound. */
interface Connected {
  getAuthContext(): { sslPeerCertificate?: PeerCertificate };
}

/** Whom the certificate of a call's connection names; null without one, or with one that is not ours. */
export function peerOfCall(call: Connected): Peer | null {
  const { sslPeerCertificate } = call.getAuthContext();
  return sslPeerCertificate === undefined ? null : readPeer(sslPeerCertificate.raw);
}

/** The caller as the audit trail names it. */
export function peerActor(call: Connected): string {
  const peer = peerOfCall(call);
  return peer === null ? "nobody" : identityPath(peer.identity);
}
