import { expect, test } from "vitest";
import type { WatchSweepResponse__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { followSweep } from "./follow.ts";
import type { Operator } from "./operator-client.ts";

const patience = { forMs: 60, pauseMs: 1 };
const away = new FleetsweepError("link.unavailable", "connection reset");
const unknown = new FleetsweepError("sweep.not_found", "no sweep s1");

function says(state: string, failed = 0): WatchSweepResponse__Output {
  const cells = { total: 4, ok: 4 - failed, failed, quarantined: 0, running: 0 };
  return { summary: { state, cells }, hosts: [] } as unknown as WatchSweepResponse__Output;
}

/** What one coordinator says of the sweep, and how it ends: null for the end of the stream. */
type Part = readonly [said: readonly WatchSweepResponse__Output[], end: FleetsweepError | null];

/** Coordinators that are asked in turn; `absent` many dials find nobody. */
function operatorOf(parts: readonly Part[], absent = 0) {
  const left = [...parts];
  let missing = absent;
  const operator = {
    async *stream() {
      const [said, end] = left.shift() ?? [[], away];
      yield* said;
      if (end !== null) throw end;
    },
    async redial() {
      if (missing-- > 0) throw away;
      return "second:7421";
    },
  };
  return operator as unknown as Pick<Operator, "stream" | "redial">;
}

async function follow(operator: Pick<Operator, "stream" | "redial">) {
  const talk: string[] = [];
  const { signal } = new AbortController();
  const io = { stderrIsTty: false, columns: 80, signal, talk: (text: string) => talk.push(text) };
  const outcome = await followSweep(operator, "s1", io as unknown as Io, patience);
  return { outcome, talk: talk.join("") };
}

test("a sweep whose coordinator goes away is followed through another one", async () => {
  const lagging: Part = [[], unknown];
  const parts: Part[] = [
    [[says("running")], away],
    lagging,
    [[says("running"), says("done")], null],
  ];
  const { outcome, talk } = await follow(operatorOf(parts, 2));
  expect(outcome).toBe("done");
  expect(talk.match(/following through second:7421/g)).toHaveLength(1);
});

test("a stream that ends before the sweep is no end of the sweep", async () => {
  const parts: Part[] = [
    [[says("running")], null],
    [[says("done", 1)], null],
  ];
  expect(await follow(operatorOf(parts))).toMatchObject({ outcome: "failed-cells" });
});

test("who finds no other coordinator in time is told that nothing is lost", async () => {
  const follows = follow(operatorOf([[[says("running")], away]], Number.POSITIVE_INFINITY));
  await expect(follows).rejects.toMatchObject({
    code: "link.unavailable",
    message: expect.stringContaining("sweep s1 goes on with a new one"),
  });
});

test("a sweep that is unknown from the beginning is not looked for elsewhere", async () => {
  await expect(follow(operatorOf([[[], unknown]]))).rejects.toMatchObject({
    code: "sweep.not_found",
  });
});
