import { Server, ServerCredentials, type ServerInterceptor } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { type AgentHub, attachHandler } from "./attach.ts";
import { type IdentityDesk, identityHandlers } from "./identity.ts";
import { type GrpcServer, listenFor } from "./listening.ts";
import { type OperatorHub, operatorHandlers } from "./operator.ts";
import { type ScheduleHub, scheduleHandlers } from "./schedules.ts";
import { type TuneHub, tuneHandlers } from "./tune.ts";
import type { TurnedAway } from "./turned-away.ts";

/** How the port is secured; without it, it speaks in the clear, to whoever can reach it. */
export interface PortSecurity {
  readonly credentials: ServerCredentials;
  readonly interceptors: readonly ServerInterceptor[];
  readonly identities: IdentityDesk;
  readonly turnedAway: TurnedAway;
}

export interface ServerDeps {
  readonly coordinator: AgentHub;
  readonly desk: OperatorHub;
  readonly tunes: TuneHub;
  readonly schedules: ScheduleHub;
  readonly logger: Logger;
  readonly security?: PortSecurity | undefined;
}

/** A connection without a call is ended after this long; agents always have one. */
const maxIdleMs = 300_000;

/** @throws FleetsweepError config.invalid where the address cannot be listened on. */
export async function serveGrpc(listen: string, deps: ServerDeps): Promise<GrpcServer> {
  const { AgentLinkService, IdentityService, OperatorService } = loadServices();
  const { security } = deps;
  const server = new Server({
    ...channelOptions,
    "grpc.max_concurrent_streams": 64,
    "grpc.max_connection_idle_ms": maxIdleMs,
    interceptors: [...(security?.interceptors ?? [])],
  });
  server.addService(AgentLinkService.service, {
    Attach: attachHandler({
      hub: deps.coordinator,
      logger: deps.logger,
      nowMs: Date.now,
      clock: systemClock,
    }),
  });
  server.addService(OperatorService.service, {
    ...operatorHandlers(deps.desk),
    ...tuneHandlers(deps.tunes),
    ...scheduleHandlers(deps.schedules),
  });
  if (security !== undefined) {
    server.addService(IdentityService.service, { ...identityHandlers(security.identities) });
    security.turnedAway.watch(server, "agents and operators");
  }
  const health = new HealthImplementation({ "": "SERVING" });
  health.addToServer(server);
  const credentials = security?.credentials ?? ServerCredentials.createInsecure();
  const listening = await listenFor(server, listen, credentials);
  const { address } = listening;
  deps.logger.info({ address, tls: security !== undefined }, "listening");
  return {
    address,
    stop: async () => {
      health.setStatus("", "NOT_SERVING");
      await listening.stop();
    },
  };
}
