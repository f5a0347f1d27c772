import { expect, test, vi } from "vitest";
import { makeSession } from "../test/support/host-session.ts";
import { Sessions } from "./sessions.ts";

test("a second agent of a host is turned away while the first is heard, and takes its place after", () => {
  const sessions = new Sessions();
  const close = vi.fn<(why: string) => void>();
  const first = makeSession({ close });
  sessions.attach(first);
  const rival = makeSession({ instanceId: "i2", lastSeenMs: 1_000 });
  expect(() => sessions.attach(rival)).toThrow("has another agent here already");
  expect(sessions.get("h1")).toBe(first);
  const later = makeSession({ instanceId: "i2", lastSeenMs: 15_000 });
  sessions.attach(later);
  expect(sessions.get("h1")).toBe(later);
  expect(close).toHaveBeenCalled();
});

test("an agent that comes back takes the place of its own earlier stream at once", () => {
  const sessions = new Sessions();
  sessions.attach(makeSession());
  const again = makeSession({ lastSeenMs: 1 });
  sessions.attach(again);
  expect(sessions.get("h1")).toBe(again);
});
