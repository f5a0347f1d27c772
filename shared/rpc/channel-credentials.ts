import { createSecureContext, type PeerCertificate } from "node:tls";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import type { Credentials } from "../security/credentials.ts";
import { readPeer } from "../security/peer.ts";

/** Whom to trust, and, where there is one already, the own identity. */
export type Trust = Pick<Credentials, "caPem"> & Partial<Credentials>;

/**
 * TLS 1.3 to a coordinator of the authority's fleet. What counts is that its certificate says that it is
 * a coordinator, not by which name or address it was dialled: a host's certificate never passes for one.
 * Without trust, in the clear.
 */
export function channelCredentials(trust: Trust | null): ChannelCredentials {
  if (trust === null) return credentials.createInsecure();
  const { caPem: ca, certificatePem: cert, keyPem: key } = trust;
  const own = cert === undefined || key === undefined ? {} : { cert, key };
  const context = createSecureContext({ ca, ...own, minVersion: "TLSv1.3" });
  return credentials.createFromSecureContext(context, { checkServerIdentity });
}

function checkServerIdentity(_name: string, certificate: PeerCertificate): Error | undefined {
  const kind = readPeer(certificate.raw)?.identity.kind;
  return kind === "coordinator" ? undefined : new Error("the peer is no coordinator of this fleet");
}
