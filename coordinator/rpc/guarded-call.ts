import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";
import type { AttachRequest__Output } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { identityPath } from "../../shared/domain/identity.ts";
import { toStatus } from "../../shared/rpc/status.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import type { Peer } from "../../shared/security/peer.ts";
import type { AuditEntry, AuditTrail } from "../enrolment/audit.ts";
import { type AccessRefusal, decideAccess, decideHostClaim } from "../logic/decide-access.ts";
import { peerOfCall } from "./caller.ts";
import { accessRuleOf, isAudited } from "./method-access.ts";

export interface GuardDeps {
  readonly isRevoked: (peer: Peer) => boolean;
  readonly audit: Pick<AuditTrail, "record">;
  readonly logger: Logger;
  readonly nowMs: () => number;
}

/** One call on its way in: who makes it, whether that is allowed, and what the audit trail says of it. */
export class GuardedCall {
  readonly peer: Peer | null;
  readonly #deps: GuardDeps;
  readonly #call: ServerInterceptingCallInterface;
  readonly #path: string;
  #ended = false;

  constructor(deps: GuardDeps, call: ServerInterceptingCallInterface, path: string) {
    this.#deps = deps;
    this.#call = call;
    this.#path = path;
    this.peer = peerOfCall(call);
  }

  /** Before anything of the call was read. Ends the call where it is refused. */
  isRefused(): boolean {
    const { peer } = this;
    const caller = peer && {
      identity: peer.identity,
      isRevoked: this.#deps.isRevoked(peer),
      isExpired: this.#deps.nowMs() > peer.notAfterMs,
    };
    const refusal = decideAccess(this.#method, accessRuleOf(this.#path), caller);
    if (refusal !== null) this.refuse(refusal, "");
    return refusal !== null;
  }

  /** A message of the call: goes on to its handler once the trail has it, or ends the call. */
  take(message: unknown, next: (message: unknown) => void): void {
    const { peer } = this;
    const hello = this.#method === "Attach" ? (message as AttachRequest__Output).hello : null;
    if (peer !== null && hello) {
      const refusal = decideHostClaim(peer.identity, hello.hostId);
      if (refusal !== null) {
        this.refuse(refusal, `host/${hello.hostId}`);
        return;
      }
    }
    if (!isAudited(accessRuleOf(this.#path))) {
      next(message);
      return;
    }
    this.#deps.audit.record(this.#entry("allowed", targetOf(message))).then(
      () => next(message),
      (cause: unknown) => {
        this.#deps.logger.error({ err: cause }, "the audit trail cannot be written");
        const what = "the audit trail cannot be written, so nothing may be changed";
        this.#send(new FleetsweepError("store.failed", what, { cause }));
      },
    );
  }

  /** Leaves a line in the trail, then ends the call with the refusal: nobody hears of it before it stands. */
  refuse({ code, message }: AccessRefusal, target: string): void {
    const entry = { ...this.#entry("refused", target), code, reason: message };
    this.#deps.logger.warn({ ...entry }, "a call was refused");
    this.#deps.audit
      .record(entry)
      .catch((error: unknown) => {
        this.#deps.logger.error({ err: error }, "the audit trail cannot be written");
      })
      .finally(() => this.#send(new FleetsweepError(code, message)));
  }

  #send(error: FleetsweepError): void {
    if (this.#ended) return;
    this.#ended = true;
    const { code, details, metadata } = toStatus(error);
    this.#call.sendStatus({ code, details, metadata });
  }

  get #method(): string {
    return this.#path.slice(this.#path.lastIndexOf("/") + 1);
  }

  #entry(outcome: AuditEntry["outcome"], target: string): AuditEntry {
    const actor = this.peer === null ? "nobody" : identityPath(this.peer.identity);
    return { actor, peer: this.#call.getPeer(), action: this.#method, target, outcome };
  }
}

/** What a call that changes something is about, by the fields that such requests have. */
function targetOf(message: unknown): string {
  const { sweepId, hostId } = message as { sweepId?: unknown; hostId?: unknown };
  const named = [sweepId, hostId].filter((id) => typeof id === "string" && id !== "");
  return named.join(" ");
}
