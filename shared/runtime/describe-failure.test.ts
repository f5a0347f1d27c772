import { expect, test } from "vitest";
import { describeFailure } from "./describe-failure.ts";

test("a failed system call is told in words, also where only the text has its code", () => {
  const full = Object.assign(new Error("ENOSPC: no space, write"), { code: "ENOSPC" });
  expect(describeFailure(full)).toBe("no space is left on the device");
  const listening = "No address added out of total 1: [listen EADDRINUSE: 127.0.0.1:7421]";
  expect(describeFailure(new Error(listening))).toBe("the port is in use");
});

test("what is not known keeps its own words", () => {
  expect(describeFailure(new Error("EWEIRD: odd"))).toBe("EWEIRD: odd");
  expect(describeFailure("thrown text")).toBe("thrown text");
});
