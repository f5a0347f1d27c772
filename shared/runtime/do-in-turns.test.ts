import { expect, test } from "vitest";
import type { Steps } from "../domain/steps.ts";
import { doInTurns } from "./do-in-turns.ts";

test("between two steps others have their turn", async () => {
  const seen: string[] = [];
  function* work(): Steps<string> {
    seen.push("one");
    yield;
    seen.push("two");
    return "done";
  }
  setImmediate(() => seen.push("other"));
  expect(await doInTurns(work())).toBe("done");
  expect(seen).toEqual(["one", "other", "two"]);
});

test("a step that fails ends the work with its error", async () => {
  function* work(): Steps<never> {
    yield;
    throw new Error("no more");
  }
  await expect(doInTurns(work())).rejects.toThrow("no more");
});
