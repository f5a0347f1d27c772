import { once } from "node:events";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";
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
 * Connections that the system keeps until they are taken. grpc-js leaves it at Node's 511, and of ten thousand
 * agents that dial at once the others wait for their next tries, which are up to a minute apart. The system's own
 * limit, net.core.somaxconn, is 4,096 since Linux 5.4.
 */
const backlog = 4_096;

/**
 * Listens, and hands connections to the server.
 * @throws FleetsweepError config.invalid where the address cannot be listened on.
 */
export async function listenFor(
  server: Server,
  listen: string,
  credentials: ServerCredentials,
): Promise<GrpcServer> {
  const injector = server.createConnectionInjector(credentials);
  const acceptor = createServer({ noDelay: true }, (socket) => injector.injectConnection(socket));
  const colon = listen.lastIndexOf(":");
  const host = listen.slice(0, colon);
  const port = await bind(acceptor, host, Number(listen.slice(colon + 1)));
  return {
    address: `${host}:${port}`,
    stop: async () => {
      acceptor.close();
      injector.drain(drainMs);
      await shutDown(server);
    },
  };
}

/** Resolves with the port that was taken. */
async function bind(acceptor: NetServer, host: string, port: number): Promise<number> {
  try {
    acceptor.listen({ host: host.replace(/^\[(.*)\]$/, "$1"), port, backlog });
    await once(acceptor, "listening");
  } catch (error) {
    const what = `cannot listen on ${host}:${port}: ${describeFailure(error)}`;
    throw new FleetsweepError("config.invalid", what, { cause: error });
  }
  return (acceptor.address() as AddressInfo).port;
}

/** `tryShutdown` alone would wait for ever: an agent's stream has no end of its own. */
async function shutDown(server: Server): Promise<void> {
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
