import { Metadata, status as Status } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { FleetsweepError } from "../domain/errors.ts";
import { codeKey, fromStatus, maxDetailsBytes, toStatus } from "./status.ts";

function serviceError(code: Status, sentCode?: string): Error {
  const metadata = new Metadata();
  if (sentCode !== undefined) metadata.set(codeKey, sentCode);
  return Object.assign(new Error("the peer's words"), {
    code,
    details: "the peer's words",
    metadata,
  });
}

test("a code that this version does not know falls back to the nearest one of its status", () => {
  const unavailable = fromStatus(serviceError(Status.UNAVAILABLE, "bus.on_fire"));
  expect(unavailable).toMatchObject({ code: "link.unavailable", retryable: true });
  const invalid = fromStatus(serviceError(Status.INVALID_ARGUMENT, "bus.on_fire"));
  expect(invalid).toMatchObject({ code: "link.protocol", retryable: false });
  expect(invalid.message).toBe("INVALID_ARGUMENT: the peer's words");
});

test("a service that the peer does not have is a matter of versions", () => {
  expect(fromStatus(serviceError(Status.UNIMPLEMENTED)).code).toBe("link.version");
});

test("a bug in a handler travels as INTERNAL and is not retried by the caller", () => {
  const sent = toStatus(new TypeError("undefined is not a function"));
  expect(sent.code).toBe(Status.INTERNAL);
  expect(fromStatus(sent)).toMatchObject({ code: "link.protocol", retryable: false });
});

test("a FleetsweepError passes through fromStatus untouched", () => {
  const error = new FleetsweepError("spool.full", "4 GiB are full");
  expect(fromStatus(error)).toBe(error);
});

test("a long message is cut after encoding to what a header block carries, and says so", () => {
  const { details } = toStatus(new FleetsweepError("sweep.invalid", "ü\n".repeat(20_000)));
  expect(encodeURI(details).length).toBeLessThanOrEqual(maxDetailsBytes);
  expect(encodeURI(details).length).toBeGreaterThan(maxDetailsBytes - 32);
  expect(details.endsWith("(cut)")).toBe(true);
});

test("a lone surrogate in a message does not keep the status from being encoded", () => {
  const { details } = toStatus(new FleetsweepError("sweep.invalid", "bad \uD800 character"));
  expect(details).toBe("bad \uFFFD character");
});
