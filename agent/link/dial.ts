import type { Readable, Writable } from "node:stream";
import { type ChannelCredentials, credentials } from "@grpc/grpc-js";
import { loadServices } from "../../shared/rpc/load-proto.ts";
import { channelOptions } from "../../shared/rpc/protocol.ts";

/** One stream to a coordinator, as gRPC gives it: messages in, messages out, a status at its end. */
export interface LinkStream {
  readonly call: Readable & Writable;
  /** Tells the coordinator that nobody listens any more, and gives the connection up. */
  close(): void;
}

/** Opens a stream on a connection of its own; whether anybody is there shows when it is used. */
export function dialCoordinator(
  target: string,
  security: ChannelCredentials = credentials.createInsecure(),
): LinkStream {
  const { AgentLinkService } = loadServices();
  const client = new AgentLinkService(target, security, channelOptions);
  const call = client.attach();
  return {
    call,
    close() {
      call.cancel();
      client.close();
    },
  };
}
