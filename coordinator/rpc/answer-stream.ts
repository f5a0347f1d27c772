import type { ServerWritableStream } from "@grpc/grpc-js";
import { toStatus } from "../../shared/rpc/status.ts";

/** Runs a streaming answer to its end, or until the caller leaves; a failure becomes the status. */
export function answerStream<Request, Response>(
  call: ServerWritableStream<Request, Response>,
  answer: (signal: AbortSignal) => Promise<void>,
): void {
  const left = new AbortController();
  call.on("cancelled", () => left.abort());
  call.on("close", () => left.abort());
  answer(left.signal).then(
    () => call.end(),
    (error: unknown) => {
      if (!left.signal.aborted) call.emit("error", toStatus(error));
    },
  );
}
