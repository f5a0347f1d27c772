import { expect, test } from "vitest";
import { type Evidence, judge, type Receipt } from "./chaos/judge.ts";
import type { RawEntry, RawPayload } from "./simulation/raw-log.ts";

const [sweep, shard, host] = ["s1", "h1-1", "h1"];
const entry = (kind: string, payload: RawPayload = {}): RawEntry => ({
  sweep,
  shard,
  kind,
  payload,
});

/** The cell's n-th launch: what it took names it. */
const medianOf = (launch: number): number => 1_000 + launch;

function result(launch: number, changes: Partial<NonNullable<RawPayload["result"]>> = {}) {
  return entry("result", {
    result: {
      attempt_id: `a${launch}`,
      host_id: host,
      grant_id: "g1",
      cell_id: "c1",
      launch,
      terminal: launch === 3 ? "ok" : null,
      outcome: { type: "measured", median_ns: medianOf(launch) },
      ...changes,
    },
  });
}

const planned = [
  entry("planned", { host_id: host, cells: [{ cell_id: "c1" }] }),
  entry("submitted", { shard_count: 1 }),
  entry("grant", { grant_id: "g1", host_id: host, prev: null }),
];
const ended = [entry("closed"), entry("sealed")];
const measured = [1, 2, 3].map((launch): Receipt => ({ measured: medianOf(launch) }));
const row = (launch: number) => ({
  attempt_id: `a${launch}`,
  sweep_id: sweep,
  host_id: host,
  cell_id: "c1",
  launch,
  median_ns: medianOf(launch),
});

/** One cell of three launches, as all of the evidence tells it. */
function evidence(changes: Partial<Evidence> & { receipts?: readonly Receipt[] } = {}): Evidence {
  const { receipts = measured, ...rest } = changes;
  return {
    entries: [...planned, result(1), result(2), result(3), ...ended],
    ledgers: [{ hostIds: [host], deaths: 0, receipts }],
    acknowledged: [sweep],
    stored: new Map([["c", [row(1), row(2), row(3)]]]),
    ...rest,
  };
}

test("a fleet that lost nothing and counted nothing twice is sound", () => {
  expect(judge(evidence())).toMatchObject({ violations: [], receipts: 3, interrupted: 0 });
});

test("a receipt that a death of the agent explains is no loss", () => {
  const ledgers = [{ hostIds: [host], deaths: 1, receipts: [...measured, { measured: 7 }] }];
  expect(judge(evidence({ ledgers }))).toMatchObject({ violations: [], interrupted: 1 });
});

const lies: readonly [string, Evidence, string][] = [
  [
    "a log in which nothing counts",
    evidence({ entries: [], acknowledged: [], receipts: [], stored: new Map() }),
    "nothing counts: there is nothing to judge",
  ],
  [
    "a result that was measured and is in no log",
    evidence({ receipts: [...measured, { measured: 7 }] }),
    "1 measurements of h1 are not in the log: 0 deaths, 0 revokes and 0 failures explain 0",
  ],
  [
    "a figure that nobody measured",
    evidence({ receipts: measured.slice(1) }),
    "counted, but never measured: s1 h1 c1 1 1001",
  ],
  [
    "one measurement that counts for two launches",
    evidence({
      entries: [
        ...planned,
        result(1),
        result(2, { outcome: { type: "measured", median_ns: medianOf(1) } }),
        result(3),
        ...ended,
      ],
      receipts: [measured[0] ?? {}, measured[2] ?? {}],
      stored: new Map(),
    }),
    "one launch counts for two: s1 h1 c1 2 1001",
  ],
  [
    "two launches at one time",
    evidence({ receipts: [...measured, { overlap: [7, 8] }] }),
    "two launches at once on h1: processes 7, 8",
  ],
  [
    "a sweep that was acknowledged and is gone",
    evidence({ acknowledged: [sweep, "s2"] }),
    "sweep s2 was acknowledged and is gone",
  ],
  [
    "a sweep that does not end",
    evidence({ entries: [...planned, result(1), result(2), result(3)] }),
    "sweep s1 has not ended",
  ],
  [
    "a cell that is ok before it has its launches",
    evidence({
      entries: [...planned, result(1), result(2, { terminal: "ok" }), ...ended],
      receipts: measured.slice(0, 2),
      stored: new Map([["c", [row(1), row(2)]]]),
    }),
    "s1 h1-1 c1 is ok with 2 of 3 launches",
  ],
  [
    "a cell that failed although it was measured",
    evidence({
      entries: [...planned, result(1, { terminal: "failed" }), ...ended],
      receipts: measured.slice(0, 1),
      stored: new Map([["c", [row(1)]]]),
    }),
    "s1 h1-1 c1 failed without evidence",
  ],
  [
    "a projection that lost a row",
    evidence({ stored: new Map([["c", [row(1), row(3)]]]) }),
    "c does not count what the log does: a2 s1 h1 c1 2 1002",
  ],
  [
    "a projection that counts a row twice",
    evidence({ stored: new Map([["c", [row(1), row(2), row(2), row(3)]]]) }),
    "c counts what the log does not, or twice: a2 s1 h1 c1 2 1002",
  ],
];

test.each(lies)("%s is a violation", (_name, found, violation) => {
  expect(judge(found).violations).toContain(violation);
});
