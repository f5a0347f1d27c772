import { type ServerInterceptingCallInterface, status } from "@grpc/grpc-js";
import type { AttachRequest__Output } from "../../proto/gen/fleetsweep/v1/AttachRequest.ts";
import { FleetsweepError, isErrorCode } from "../../shared/domain/errors.ts";
import { codeKey, toStatus } from "../../shared/rpc/status.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import type { Peer } from "../../shared/security/peer.ts";
import type { AuditEntry, AuditTrail } from "../enrolment/audit.ts";
import { type AccessRefusal, decideAccess, decideHostClaim } from "../logic/decide-access.ts";
import { peerActor, peerOfCall } from "./caller.ts";
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
  /** What the handler was let in for, where the trail has it. */
  #target: string | null = null;

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
    const target = targetOf(message);
    this.#target = target;
    this.#deps.audit.record(this.#entry("allowed", target)).then(
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

  /** The handler's answer: where it is a refusal of what the trail has as allowed, the trail has that too. */
  async answered({ code, details, metadata }: Answer): Promise<void> {
    if (code === status.OK || this.#target === null || this.#ended) return;
    const sent = metadata?.get(codeKey)[0];
    const entry = {
      ...this.#entry("refused", this.#target),
      ...(typeof sent === "string" && isErrorCode(sent) ? { code: sent } : {}),
      reason: details,
    };
    await this.#deps.audit.record(entry).catch((error: unknown) => {
      this.#deps.logger.error({ err: error }, "the audit trail cannot be written");
    });
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
    const actor = peerActor(this.#call);
    return { actor, peer: this.#call.getPeer(), action: this.#method, target, outcome };
  }
}

type Answer = Parameters<ServerInterceptingCallInterface["sendStatus"]>[0];

/** What a call that changes something is about, by the fields that such requests have. */
function targetOf(message: unknown): string {
  const { sweepId, hostId } = message as { sweepId?: unknown; hostId?: unknown };
  const named = [sweepId, hostId].filter((id) => typeof id === "string" && id !== "");
  return named.join(" ");
}
