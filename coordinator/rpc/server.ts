import { Server, ServerCredentials } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { type AgentHub, attachHandler } from "./attach.ts";
import { type OperatorHub, operatorHandlers } from "./operator.ts";
import { type ScheduleHub, scheduleHandlers } from "./schedules.ts";
import { type TuneHub, tuneHandlers } from "./tune.ts";

export interface GrpcServer {
  /** `host:port`, with the port that was taken. */
  readonly address: string;
  /** Ends every stream; agents dial again when a coordinator is back. */
  stop(): Promise<void>;
}

/** How long a stopping server lets calls end by themselves. */
const drainMs = 500;

/** @throws FleetsweepError config.invalid where the address cannot be listened on. */
export async function serveGrpc(
  listen: string,
  deps: {
    coordinator: AgentHub;
    desk: OperatorHub;
    tunes: TuneHub;
    schedules: ScheduleHub;
    logger: Logger;
  },
): Promise<GrpcServer> {
  const { AgentLinkService, OperatorService } = loadServices();
  const server = new Server({ ...channelOptions, "grpc.max_concurrent_streams": 64 });
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
  const health = new HealthImplementation({ "": "SERVING" });
  health.addToServer(server);
  const port = await bind(server, listen);
  const address = `${listen.slice(0, listen.lastIndexOf(":"))}:${port}`;
  deps.logger.info({ address }, "listening");
  return {
    address,
    stop: async () => {
      health.setStatus("", "NOT_SERVING");
      await drain(server, address);
    },
  };
}

function bind(server: Server, listen: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(listen, ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else {
        const what = `cannot listen on ${listen}: ${describeFailure(error)}`;
        reject(new FleetsweepError("config.invalid", what, { cause: error }));
      }
    });
  });
}

/** `tryShutdown` alone would wait for ever: an agent's stream has no end of its own. */
async function drain(server: Server, address: string): Promise<void> {
  server.drain(address, drainMs);
  await new Promise<void>((resolve) => {
    const force = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, drainMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });
}
