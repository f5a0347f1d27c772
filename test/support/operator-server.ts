import { Server, ServerCredentials } from "@grpc/grpc-js";
import { onTestFinished } from "vitest";
import { type OperatorHub, operatorHandlers } from "../../coordinator/rpc/operator.ts";
import { loadServices } from "../../shared/rpc/load-proto.ts";

/** The operators' service on loopback until the test ends; returns its address. */
export async function serveOperators(hub: Partial<OperatorHub>): Promise<string> {
  const { OperatorService } = loadServices();
  const server = new Server();
  server.addService(OperatorService.service, { ...operatorHandlers(hub as OperatorHub) });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return `127.0.0.1:${port}`;
}
