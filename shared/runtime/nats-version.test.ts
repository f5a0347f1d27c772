import { expect, test } from "vitest";
import { checkNatsVersion } from "./nats-version.ts";

test("a server of the floor version or newer is taken", () => {
  for (const version of ["2.9.10", "2.9.25", "2.10.19", "2.10.23", "2.14.2", "3.0.0"]) {
    expect(checkNatsVersion(`nats-server: v${version}\n`)).toBe(version);
  }
  expect(checkNatsVersion("nats-server: v2.11.0-RC.1")).toBe("2.11.0");
});

test("an old, a broken and an unreadable server are refused by name", () => {
  for (const version of ["1.4.1", "2.8.4", "2.9.9", "2.10.20", "2.10.21", "2.10.22"]) {
    expect(() => checkNatsVersion(`nats-server: v${version}`)).toThrowError(version);
  }
  expect(() => checkNatsVersion("segfault")).toThrowError("segfault");
});
