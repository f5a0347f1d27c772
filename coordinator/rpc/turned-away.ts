import type { Http2SecureServer } from "node:http2";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import {
  type Server,
  type ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
  ServerListenerBuilder,
} from "@grpc/grpc-js";
import type { Logger } from "../../shared/runtime/logger.ts";
import type { AuditEntry, AuditTrail } from "../enrolment/audit.ts";
import { peerActor } from "./caller.ts";

export interface TurnedAwayDeps {
  readonly audit: Pick<AuditTrail, "record">;
  readonly logger: Logger;
}

/** Leaves a line in the audit trail for whoever gets no further than TLS or gRPC: no handler hears of those. */
export class TurnedAway {
  readonly #deps: TurnedAwayDeps;

  constructor(deps: TurnedAwayDeps) {
    this.#deps = deps;
  }

  /**
   * Before `listenFor`: grpc-js makes its HTTP/2 server there and tells nobody of handshakes that fail, and a
   * listener on that server is the only way to hear of them. `port` says which one it is.
   */
  watch(server: Server, port: string): void {
    const inner = server as unknown as MakesHttp2Server;
    const make = inner.createHttp2Server.bind(server);
    inner.createHttp2Server = (credentials) => {
      const made = make(credentials);
      // A socket knows its peer afterwards only if it was asked before.
      made.on("connection", (socket: Socket) => socket.remoteAddress);
      made.on("tlsClientError", (error: Error, socket: TLSSocket) => {
        const reason = whyRefused(error, socket);
        if (reason === null) return;
        this.#record({ peer: peerOfSocket(socket), action: "Handshake", target: port, reason });
      });
      return made;
    };
  }

  /** A call that ends before a whole message came: too large, none of the protocol, or cut off. */
  readonly interceptor: ServerInterceptor = (method, call) => {
    const action = method.path.slice(method.path.lastIndexOf("/") + 1);
    const [actor, peer] = [peerActor(call), call.getPeer()];
    let isHeard = false;
    const listener = new ServerListenerBuilder()
      .withOnReceiveMessage((message, next) => {
        isHeard = true;
        next(message);
      })
      .withOnCancel(() => {
        if (isHeard) return;
        const reason = "no whole message came: too large, malformed, or cut off";
        this.#record({ actor, peer, action, target: "", reason });
      })
      .build();
    return new ServerInterceptingCall(call, {
      start: (next) => next(listener),
      sendStatus: (status, next) => {
        isHeard = true;
        next(status);
      },
    });
  };

  #record(about: Pick<AuditEntry, "peer" | "action" | "target" | "reason"> & { actor?: string }) {
    const code = about.action === "Handshake" ? "access.unauthenticated" : "link.protocol";
    const entry: AuditEntry = { actor: "nobody", ...about, outcome: "refused", code };
    this.#deps.logger.warn({ ...entry }, "somebody was turned away");
    this.#deps.audit.record(entry).catch((error: unknown) => {
      this.#deps.logger.error({ err: error }, "the audit trail cannot be written");
    });
  }
}

/** A method that grpc-js has and does not declare; its version is pinned, and a test hears of a handshake. */
interface MakesHttp2Server {
  createHttp2Server(credentials: ServerCredentials): Http2SecureServer;
}

/** Null for who went away by himself: a probe of a load balancer is no attack. */
function whyRefused(error: Error, socket: TLSSocket): string | null {
  // A word of OpenSSL's, though the declaration has an Error.
  const problem = socket.authorizationError as unknown as string | null | undefined;
  if (problem) return `the certificate is none of this fleet: ${problem}`;
  const { code, reason } = error as NodeJS.ErrnoException & { readonly reason?: string };
  if (code === "ECONNRESET" || code === "EPIPE") return null;
  if (code === "ERR_TLS_HANDSHAKE_TIMEOUT") return "the handshake was not finished in time";
  return `no TLS 1.3 handshake: ${reason ?? error.message}`;
}

function peerOfSocket(socket: TLSSocket): string {
  const { remoteAddress, remotePort } = (socket as { readonly _parent?: Socket })._parent ?? socket;
  return remoteAddress === undefined ? "unknown" : `${remoteAddress}:${remotePort}`;
}
