import { createHash } from "node:crypto";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { identityPath } from "../../shared/domain/identity.ts";
import { tokenProblem } from "../../shared/domain/ids.ts";
import { issueCertificate, readRequest } from "../../shared/security/certificate.ts";
import { parseJoinToken } from "../../shared/security/join-token.ts";
import type { Peer } from "../../shared/security/peer.ts";
import type { AuditTrail } from "./audit.ts";
import type { Authority } from "./authority.ts";
import { enrolledWith, registerHost } from "./enrolled-hosts.ts";
import { RateLimit } from "./rate-limit.ts";
import { redeemToken } from "./tokens.ts";

export interface EnrollerDeps {
  readonly authority: Authority;
  readonly audit: Pick<AuditTrail, "record">;
  readonly nowMs: () => number;
  /** How long a host's certificate is valid. */
  readonly lifetimeMs: number;
  /** Told of a host before it gets its certificate, so that what it may do is known when it comes. */
  readonly onRegistered?: () => Promise<void>;
}

export interface EnrolAsked {
  readonly token: string;
  readonly hostId: string;
  readonly certificateRequest: string;
}

/** A rack behind one address may join at once; who guesses tokens gets nowhere. */
const perAddress = { burst: 60, perMinute: 60, maxKeys: 4_096 } as const;
/** Of all addresses together: signing costs about a millisecond. */
const perCoordinator = { burst: 600, perMinute: 600, maxKeys: 1 } as const;

/** Gives hosts their certificates: the first for a join token, later ones for the one before. */
export class Enroller {
  readonly #deps: EnrollerDeps;
  readonly #addresses: RateLimit;
  readonly #total: RateLimit;

  constructor(deps: EnrollerDeps) {
    this.#deps = deps;
    this.#addresses = new RateLimit(perAddress, deps.nowMs);
    this.#total = new RateLimit(perCoordinator, deps.nowMs);
  }

  /**
   * Resolves with the certificate as PEM. Everything that is refused leaves a line in the audit trail.
   * @throws FleetsweepError rate.limited, token.refused, config.invalid.
   */
  async enrol(asked: EnrolAsked, peer: string): Promise<string> {
    const action = "Enrol";
    const about = { actor: "nobody", peer, action, target: asked.hostId };
    try {
      const { certificate, tokenId } = await this.#enrol(asked, peer);
      const reason = `join token ${tokenId}`;
      await this.#deps.audit.record({ ...about, outcome: "allowed", reason });
      return certificate;
    } catch (error) {
      if (!(error instanceof FleetsweepError)) throw error;
      const { code, message: reason } = error;
      await this.#deps.audit.record({ ...about, outcome: "refused", code, reason });
      throw error;
    }
  }

  /** A new certificate for whom the old one names. @throws FleetsweepError config.invalid, rate.limited */
  async renew({ identity }: Peer, certificateRequest: string, peer: string): Promise<string> {
    const target = identityPath(identity);
    if (!this.#addresses.take(target)) throw tooMany("renewals");
    const publicKey = await readRequest(certificateRequest);
    const certificate = await this.#issue(publicKey, identity);
    await this.#deps.audit.record({
      actor: target,
      peer,
      action: "Renew",
      target,
      outcome: "allowed",
    });
    return certificate;
  }

  async #enrol(
    { token: text, hostId, certificateRequest }: EnrolAsked,
    peer: string,
  ): Promise<{ certificate: string; tokenId: string }> {
    if (!this.#total.take("") || !this.#addresses.take(addressOf(peer)))
      throw tooMany("enrolments");
    const token = parseJoinToken(text);
    const problem = tokenProblem(hostId);
    if (problem !== undefined) {
      throw new FleetsweepError("config.invalid", `a host cannot have this id: ${problem}`);
    }
    const publicKey = await readRequest(certificateRequest);
    const keySha256 = createHash("sha256").update(publicKey).digest("hex");
    const { directory } = this.#deps.authority;
    const nowMs = this.#deps.nowMs();
    const { isBound } = await redeemToken(directory, { token, hostId, keySha256, nowMs });
    await this.#register(hostId, token.id, isBound);
    const certificate = await this.#issue(publicKey, { kind: "host", hostId });
    return { certificate, tokenId: token.id };
  }

  /** A token for any host must not take over the name of one that is there. */
  async #register(hostId: string, tokenId: string, isBound: boolean): Promise<void> {
    const { directory } = this.#deps.authority;
    const known = await enrolledWith(directory, hostId);
    if (known !== null && known !== tokenId && !isBound) {
      const how = `\`fleetsweep token create --host ${hostId}\``;
      const what = `the host ${hostId} is enrolled already; make a token for it alone: ${how}`;
      throw new FleetsweepError("token.refused", what);
    }
    await registerHost(directory, { hostId, tokenId, nowMs: this.#deps.nowMs() });
    await this.#deps.onRegistered?.();
  }

  async #issue(publicKey: Buffer, identity: Peer["identity"]): Promise<string> {
    const { authority, lifetimeMs, nowMs } = this.#deps;
    return await issueCertificate({
      authority: authority.held,
      identity,
      publicKey,
      nowMs: nowMs(),
      lifetimeMs,
    });
  }
}

function tooMany(what: string): FleetsweepError {
  return new FleetsweepError("rate.limited", `too many ${what}; come back in a minute`);
}

/** `1.2.3.4:5678` without its port. */
function addressOf(peer: string): string {
  return peer.slice(0, Math.max(0, peer.lastIndexOf(":")));
}
