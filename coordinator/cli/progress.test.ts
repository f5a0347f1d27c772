import { expect, test } from "vitest";
import type { WatchSweepResponse__Output } from "../../proto/gen/fleetsweep/v1/WatchSweepResponse.ts";
import { renderProgress, renderReasons } from "./progress.ts";

function watched(state: string, cancelReason = ""): WatchSweepResponse__Output {
  return {
    summary: {
      sweepId: "s1",
      name: "test",
      state,
      submittedAtMs: 0,
      cells: { total: 4, ok: 1, failed: 0, quarantined: 0, running: 3 },
      hostIds: ["h1"],
      orphans: 0,
      failedLaunches: 0,
      cancelReason,
    },
    hosts: [
      {
        hostId: "h1",
        connected: true,
        phase: "measuring",
        cell: "",
        launch: 1,
        cellsDone: 1,
        cellsTotal: 4,
        launchesDone: 10,
        launchesNeeded: 40,
        state: "measuring",
        failedLaunches: 0,
        spoolDepth: 0,
      },
    ],
  };
}

test("a running sweep shows how much is left", () => {
  expect(renderProgress(watched("running"), 60_000, 80)).toEqual([
    "running  1/4 cells measured  1m00s, about 3m00s left",
    "  h1  [#####...............]  25%  measuring",
  ]);
});

test("what fails and who is not at work is shown with the reason", () => {
  const { summary, hosts } = watched("running");
  const counted = { ...summary, failedLaunches: 3, orphans: 2 } as typeof summary;
  if (counted?.cells) counted.cells.quarantined = 1;
  const [host] = hosts;
  const drained = host === undefined ? [] : [{ ...host, state: "drained: new microcode" }];
  expect(renderProgress({ summary: counted, hosts: drained }, 60_000, 100)).toEqual([
    "running  1/4 cells measured, 1 quarantined, 3 launches failed, 2 orphans  1m00s, about 3m00s left",
    "  h1  [#####...............]  25%  drained: new microcode",
  ]);
});

test("a cancelled sweep shows why, and nothing is left of it", () => {
  const lines = renderProgress(watched("cancelled", "it took too long"), 60_000, 80);
  expect(lines.slice(0, 2)).toEqual([
    "cancelled  1/4 cells measured  1m00s",
    "  cancelled: it took too long",
  ]);
});

test("of more hosts than a terminal has lines those with a reason come first, and the others are counted", () => {
  const { summary, hosts } = watched("running");
  const [like] = hosts;
  const make = (n: number, other: object) =>
    ({ ...like, hostId: `h${n}`, ...other }) as typeof like;
  const done = { launchesDone: 40 };
  const many = Array.from({ length: 30 }, (_, n) =>
    make(n, n === 17 ? { state: "refusing: no model" } : n < 10 ? done : { connected: n !== 29 }),
  ).flatMap((host) => host ?? []);
  const lines = renderProgress({ summary, hosts: many }, 60_000, 80, 5);
  expect(lines.slice(1)).toEqual([
    "  h17  [#####...............]  25%  refusing: no model",
    "  h29  [#####...............]  25%  away",
    "  h10  [#####...............]  25%  measuring",
    "  h11  [#####...............]  25%  measuring",
    "  and 26 more hosts; of all 30, 10 done and 1 away",
  ]);
});

test("a reason that is longer than the line is cut there, and told whole below the rows", () => {
  const { summary, hosts } = watched("running");
  const [like] = hosts;
  const make = (hostId: string, state: string) => ({ ...like, hostId, state }) as typeof like;
  const reason = "drained: 2 cells failed here for good (crashed) that other hosts can measure";
  const some = [make("h1", reason), make("host2", "measuring"), make("h3", reason)];
  const response = { summary, hosts: some.flatMap((host) => host ?? []) };
  expect(renderProgress(response, 60_000, 60).slice(1)).toEqual([
    "  h1     [#####...............]  25%  drained: 2 cells fail…",
    "  host2  [#####...............]  25%  measuring",
    "  h3     [#####...............]  25%  drained: 2 cells fail…",
  ]);
  expect(renderReasons(response, 60)).toEqual([
    "h1, h3 are drained: 2 cells failed here for good (crashed)",
    "that other hosts can measure",
  ]);
  expect(renderReasons(response, 200)).toEqual([]);
});

test("of a host that is away is said what its spool keeps", () => {
  const { summary, hosts } = watched("running");
  const away = hosts.map((host) => ({ ...host, connected: false, state: "away", spoolDepth: 7 }));
  expect(renderProgress({ summary, hosts: away }, 60_000, 80)[1]).toBe(
    "  h1  [#####...............]  25%  away, with 7 results in its spool",
  );
});

test("a host whose cells were all given up has nothing left to do", () => {
  const { summary, hosts } = watched("running");
  const none = { cellsDone: 4, launchesDone: 0, launchesNeeded: 0, connected: false };
  const given = hosts.map((host) => ({ ...host, ...none }));
  expect(renderProgress({ summary, hosts: given }, 60_000, 80)[1]).toBe(
    "  h1  [####################] 100%  away",
  );
});
