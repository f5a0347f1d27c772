import { expect, test } from "vitest";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { awaitDrained, type DrainWait } from "./await-drained.ts";
import type { Operator } from "./operator-client.ts";

const away = new FleetsweepError("link.unavailable", "nobody is there");

/** A coordinator that answers with these states of a host, one look after the other, the last one for ever. */
function wait(answers: readonly (string | Error)[], options: Partial<DrainWait> = {}) {
  const states: string[] = [];
  let looks = 0;
  let redials = 0;
  const ask = async () => {
    const answer = answers[Math.min(looks, answers.length - 1)] ?? away;
    looks += 1;
    if (answer instanceof Error) throw answer;
    return { hosts: [{ hostId: "h1", state: answer, spoolDepth: 3 }], more: false };
  };
  const redial = async () => {
    redials += 1;
    throw away;
  };
  const operator = { ask, redial } as unknown as Operator;
  const over = awaitDrained(operator, "h1", {
    withinMs: 10_000,
    pauseMs: 1,
    signal: new AbortController().signal,
    onState: (state) => states.push(state),
    ...options,
  });
  return { over, states, count: () => ({ looks, redials }) };
}

test("a host is waited for until it is drained, and each change is told once", async () => {
  const measuring = "draining, measuring: new microcode";
  const { over, states } = wait([measuring, measuring, "draining: x", "drained: x"]);
  expect(await over).toMatchObject({ spoolDepth: 3 });
  expect(states).toEqual(["draining, measuring", "draining"]);
});

test("a coordinator that goes away does not end the wait", async () => {
  const { over, count } = wait(["draining: x", away, away, "drained: x"]);
  expect(await over).toMatchObject({ spoolDepth: 3 });
  expect(count()).toEqual({ looks: 4, redials: 2 });
});

test("a host that is given work again, and one that takes too long, are not drained", async () => {
  expect(await wait(["draining: x", "measuring"]).over).toBeNull();
  expect(await wait(["draining, away: x"], { withinMs: 20 }).over).toBeNull();
  expect(await wait(["draining: x"], { signal: AbortSignal.abort() }).over).toBeNull();
});

test("what no other coordinator can mend ends the wait", async () => {
  const denied = new FleetsweepError("access.denied", "not for you");
  await expect(wait(["draining: x", denied]).over).rejects.toBe(denied);
});

test("the page that is asked for has the host near its beginning, and others follow until it comes", async () => {
  const ids = ["h1", "h10", "h100", "h101", "h11", "h2"];
  const asked: string[] = [];
  const client = {
    listHosts: ({ afterHostId }: { afterHostId: string }, _: unknown, answer: Answer) => {
      asked.push(afterHostId);
      const page = ids.filter((id) => id > afterHostId).slice(0, 2);
      answer(page.map((hostId) => ({ hostId, state: "drained", spoolDepth: 0 })));
    },
  };
  type Answer = (hosts: object[]) => void;
  type Call = (at: typeof client, limits: object, answer: Answer) => void;
  const ask = (call: Call) =>
    new Promise((resolve) => {
      call(client, {}, (hosts) => resolve({ hosts, more: true }));
    });
  const find = (hostId: string) =>
    awaitDrained({ ask } as unknown as Operator, hostId, {
      withinMs: 0,
      pauseMs: 1,
      signal: AbortSignal.abort(),
      onState: () => {},
    });
  expect(await find("h101")).toMatchObject({ hostId: "h101" });
  expect(asked).toEqual(["h10"]);
  expect(await find("h2")).toMatchObject({ hostId: "h2" });
  expect(asked.slice(1)).toEqual(["h", "h10", "h101"]);
  expect(await find("h0")).toBeNull();
});
