import { expect, test } from "vitest";
import { FleetsweepError } from "../domain/errors.ts";
import { kindOfFailure, TroubleTally, troubleQuietMs } from "./trouble-tally.ts";

function setUp() {
  const said: string[] = [];
  let nowMs = 0;
  const tally = new TroubleTally(() => nowMs);
  const note = (kind: string) => tally.note(kind, (times) => said.push(`${kind} ${times}`));
  const pass = (ms: number): void => {
    nowMs += ms;
  };
  return { said, note, pass };
}

test("what comes again is said once, and a minute later with how often it came", () => {
  const { said, note, pass } = setUp();
  for (let n = 0; n < 500; n += 1) note("refused");
  expect(said).toEqual(["refused 1"]);
  pass(troubleQuietMs);
  note("refused");
  expect(said).toEqual(["refused 1", "refused 500"]);
  pass(troubleQuietMs - 1);
  note("refused");
  expect(said).toHaveLength(2);
});

test("another kind is said at once, and two that come in turns fill no log", () => {
  const { said, note } = setUp();
  for (const kind of ["refused", "away", "refused", "away"]) note(kind);
  expect(said).toEqual(["refused 1", "away 1"]);
});

test("of kinds without end the oldest are forgotten, not kept", () => {
  const { said, note } = setUp();
  for (let n = 0; n < 1_000; n += 1) note(`kind ${n}`);
  note("kind 999");
  expect(said).toHaveLength(1_000);
  note("kind 0");
  expect(said).toHaveLength(1_001);
});

test("failures of one kind differ in their words alone", () => {
  const refused = (subject: string, code: string) =>
    new FleetsweepError("bus.rejected", `appending to ${subject}`, {
      cause: Object.assign(new Error(subject), { code }),
    });
  const [a, b] = ["a", "b"].map((subject) => kindOfFailure(refused(subject, "PERMISSIONS")));
  expect(a).toBe(b);
  expect(a).not.toBe(kindOfFailure(refused("a", "TIMEOUT")));
  expect(kindOfFailure(new FleetsweepError("bus.unavailable", "x"))).toBe("bus.unavailable");
});
