import {
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
} from "@grpc/grpc-js";
import { identityPath } from "../../shared/domain/identity.ts";
import type { Peer } from "../../shared/security/peer.ts";
import { type GuardDeps, GuardedCall } from "./guarded-call.ts";

/**
 * Stands before every call of the port for those who have certificates: asks who calls, refuses what the
 * caller may not do before its message is read, writes the audit trail, and ends the open calls of
 * whoever is revoked.
 */
export class AccessControl {
  readonly #deps: GuardDeps;
  readonly #open = new Map<GuardedCall, Peer>();

  constructor(deps: GuardDeps) {
    this.#deps = deps;
  }

  /** Ends the open calls of everybody whose certificate counts no more. */
  endRevoked(): void {
    for (const [call, peer] of this.#open) {
      if (!this.#deps.isRevoked(peer)) continue;
      const message = `${identityPath(peer.identity)} is revoked`;
      call.refuse({ code: "access.denied", message }, "");
      this.#open.delete(call);
    }
  }

  readonly interceptor: ServerInterceptor = (method, call) => {
    const guarded = new GuardedCall(this.#deps, call, method.path);
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        if (guarded.isRefused()) return;
        if (guarded.peer !== null) this.#open.set(guarded, guarded.peer);
        next(metadata);
      })
      .withOnReceiveMessage((message, next) => guarded.take(message, next))
      .withOnCancel(() => this.#open.delete(guarded))
      .build();
    return new ServerInterceptingCall(call, {
      start: (next) => next(listener),
      sendStatus: (status, next) => {
        this.#open.delete(guarded);
        const answer = (): void => next(status);
        guarded.answered(status).then(answer, answer);
      },
    });
  };
}
