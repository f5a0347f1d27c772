import { expect, test } from "vitest";
import { commonVersion, oldestProtocolVersion, ownProtocol, protocolVersion } from "./protocol.ts";

test("two releases that are one apart speak the older one's newest version, two apart none", () => {
  const releases = [1, 2, 3].map((newest) => ({ newest, oldest: Math.max(1, newest - 1) }));
  const [first, second, third] = releases;
  if (!first || !second || !third) throw new Error("three releases");
  expect(commonVersion(first, second)).toBe(1);
  expect(commonVersion(third, second)).toBe(2);
  expect(commonVersion(second, third)).toBe(2);
  expect(commonVersion(first, third)).toBeNull();
});

test("this release speaks its own version, and keeps the one before", () => {
  expect(commonVersion(ownProtocol, ownProtocol)).toBe(protocolVersion);
  expect(protocolVersion - oldestProtocolVersion).toBeLessThanOrEqual(1);
});
