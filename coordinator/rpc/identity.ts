import { Server, type ServerCredentials, type ServerUnaryCall } from "@grpc/grpc-js";
import type { EnrolmentServiceHandlers } from "../../proto/gen/fleetsweep/v1/EnrolmentService.ts";
import type { EnrolRequest__Output } from "../../proto/gen/fleetsweep/v1/EnrolRequest.ts";
import type { IdentityServiceHandlers } from "../../proto/gen/fleetsweep/v1/IdentityService.ts";
import type { RenewRequest__Output } from "../../proto/gen/fleetsweep/v1/RenewRequest.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";
import { toStatus } from "../../shared/rpc/status.ts";
import type { Peer } from "../../shared/security/peer.ts";
import { peerOfCall } from "./caller.ts";
import { type GrpcServer, listenFor } from "./listening.ts";
import type { TurnedAway } from "./turned-away.ts";

/** What these handlers need: they translate, and decide nothing. */
export interface IdentityDesk {
  /** Resolves with the certificate as PEM. */
  enrol(asked: EnrolRequest__Output, peer: string): Promise<string>;
  renew(holder: Peer, certificateRequest: string, peer: string): Promise<string>;
}

/** For the port of those who have a certificate. */
export function identityHandlers(desk: IdentityDesk): IdentityServiceHandlers {
  return {
    Renew: (call: ServerUnaryCall<RenewRequest__Output, unknown>, callback) => {
      const holder = peerOfCall(call);
      const renewed =
        holder === null
          ? Promise.reject(new FleetsweepError("access.unauthenticated", "no certificate came"))
          : desk.renew(holder, call.request.certificateRequest, call.getPeer());
      renewed.then(
        (certificate) => callback(null, { certificate }),
        (error: unknown) => callback(toStatus(error)),
      );
    },
  };
}

/** A token and a request for a certificate are under 2 KiB. */
const maxEnrolBytes = 16_384;

/** Strangers may speak to this port: everything of it is small and soon over. */
const enrolmentOptions = {
  ...channelOptions,
  "grpc.max_receive_message_length": maxEnrolBytes,
  "grpc.max_send_message_length": maxEnrolBytes,
  "grpc.max_concurrent_streams": 4,
  "grpc.max_connection_idle_ms": 10_000,
  "grpc.max_connection_age_ms": 60_000,
  "grpc.max_connection_age_grace_ms": 5_000,
} as const;

/** Listens for hosts that have a join token and no certificate yet. */
export async function serveEnrolment(
  listen: string,
  credentials: ServerCredentials,
  { desk, turnedAway }: { readonly desk: IdentityDesk; readonly turnedAway: TurnedAway },
): Promise<GrpcServer> {
  const { EnrolmentService } = loadServices();
  const server = new Server({ ...enrolmentOptions, interceptors: [turnedAway.interceptor] });
  turnedAway.watch(server, "enrolment");
  const handlers: EnrolmentServiceHandlers = {
    Enrol: (call: ServerUnaryCall<EnrolRequest__Output, unknown>, callback) => {
      desk.enrol(call.request, call.getPeer()).then(
        (certificate) => callback(null, { certificate }),
        (error: unknown) => callback(toStatus(error)),
      );
    },
  };
  server.addService(EnrolmentService.service, { ...handlers });
  return await listenFor(server, listen, credentials);
}
