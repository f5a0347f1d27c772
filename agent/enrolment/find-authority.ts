import { X509Certificate } from "node:crypto";
import { connect, type DetailedPeerCertificate, type TLSSocket } from "node:tls";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";
import { fingerprintOf } from "../../shared/security/peer.ts";

const timeoutMs = 10_000;
/** Ours has two. */
const maxChainLength = 5;

/**
 * The certificate of the authority, as PEM, as the coordinator at the address shows it. Nothing is sent
 * but the beginning of a TLS handshake: whether the coordinator has that authority's certificate is for
 * the next connection to check, which trusts this authority alone.
 * @throws FleetsweepError peer.untrusted where no certificate shown has the fingerprint, link.unavailable
 *   where nobody answers.
 */
export async function findAuthority(address: string, fingerprint: string): Promise<string> {
  const shown = await readChain(address);
  const found = shown.find((certificate) => fingerprintOf(certificate) === fingerprint);
  if (found !== undefined) return new X509Certificate(found).toString();
  throw new FleetsweepError(
    "peer.untrusted",
    `${address} does not belong to the fleet of this join token: nothing that it shows has the ` +
      `fingerprint ${fingerprint}; nothing was sent to it`,
  );
}

async function readChain(address: string): Promise<readonly Buffer[]> {
  const at = address.lastIndexOf(":");
  const socket = connect({
    host: address.slice(0, at),
    port: Number(address.slice(at + 1)),
    // Checked by fingerprint, not by the authorities of the system; the connection carries nothing.
    rejectUnauthorized: false,
    minVersion: "TLSv1.3",
    ALPNProtocols: ["h2"],
  });
  try {
    await secured(socket);
    return chainOf(socket.getPeerCertificate(true));
  } catch (cause) {
    const what = `cannot enrol at ${address}: ${describeFailure(cause)}`;
    throw new FleetsweepError("link.unavailable", what, { cause });
  } finally {
    socket.destroy();
  }
}

async function secured(socket: TLSSocket): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(timeoutMs, () => reject(new Error("no answer in time")));
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the connection was closed")));
  });
}

function chainOf(leaf: DetailedPeerCertificate): readonly Buffer[] {
  const chain: Buffer[] = [];
  let next: DetailedPeerCertificate | undefined = leaf;
  while (next?.raw !== undefined && chain.length < maxChainLength) {
    chain.push(next.raw);
    // The authority has signed itself.
    next = next.issuerCertificate === next ? undefined : next.issuerCertificate;
  }
  return chain;
}
