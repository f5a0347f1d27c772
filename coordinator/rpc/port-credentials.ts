import { ServerCredentials } from "@grpc/grpc-js";
import type { Credentials } from "../../shared/security/credentials.ts";

/** Who connects and does not finish the TLS handshake is gone after this long. */
const handshakeTimeoutMs = 10_000;

/**
 * A port's TLS 1.3 with a certificate that can be changed: new connections get the new one, open ones
 * stay as they are. With `mutual`, whoever shows no certificate of the authority gets no further.
 */
export class PortCredentials extends ServerCredentials {
  constructor(held: Credentials, { mutual }: { readonly mutual: boolean }) {
    super(
      { requestCert: mutual, rejectUnauthorized: mutual, handshakeTimeout: handshakeTimeoutMs },
      toContext(held),
    );
  }

  renew(held: Credentials): void {
    this.updateSecureContextOptions(toContext(held));
  }

  override _equals(other: ServerCredentials): boolean {
    return other === this;
  }
}

/** With the authority's certificate behind it, so that a host that joins can check its fingerprint. */
function toContext({ caPem, certificatePem, keyPem }: Credentials) {
  return {
    ca: caPem,
    cert: `${certificatePem}${caPem}`,
    key: keyPem,
    minVersion: "TLSv1.3",
  } as const;
}
