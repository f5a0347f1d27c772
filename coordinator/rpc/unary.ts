import type { handleUnaryCall } from "@grpc/grpc-js";
import { toStatus } from "../../shared/rpc/status.ts";

/** A unary handler of an async function: whatever it throws reaches the caller as a status. */
export function unary<Request, Response>(
  answer: (request: Request) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toStatus(error)),
      );
  };
}
