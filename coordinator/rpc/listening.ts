import type { Server, ServerCredentials } from "@grpc/grpc-js";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";

export interface GrpcServer {
  /** `host:port`, with the port that was taken. */
  readonly address: string;
  /** Ends every stream; agents dial again when a coordinator is back. */
  stop(): Promise<void>;
}

/** How long a stopping server lets calls end by themselves. */
const drainMs = 500;

/**
 * Listens, and resolves with the address and the port that was taken.
 * @throws FleetsweepError config.invalid where the address cannot be listened on.
 */
export async function bind(
  server: Server,
  listen: string,
  credentials: ServerCredentials,
): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(listen, credentials, (error, taken) => {
      if (error === null) resolve(taken);
      else {
        const what = `cannot listen on ${listen}: ${describeFailure(error)}`;
        reject(new FleetsweepError("config.invalid", what, { cause: error }));
      }
    });
  });
  return `${listen.slice(0, listen.lastIndexOf(":"))}:${port}`;
}

/** `tryShutdown` alone would wait for ever: an agent's stream has no end of its own. */
export async function drain(server: Server, address: string): Promise<void> {
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
