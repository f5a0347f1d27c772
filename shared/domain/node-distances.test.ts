import { expect, test } from "vitest";
import { makeTopology } from "../testing/topologies.ts";
import { formatDistanceGroup, groupDistances } from "./node-distances.ts";

/** Groups of nodes with these rows, as the picture writes them; null is a node without a row. */
function describe(rows: readonly (readonly number[] | null)[]): string[] {
  const shape = { packages: 1, nodesPerPackage: rows.length, coresPerNode: 1 };
  const nodes = makeTopology(shape).numaNodes.map((node, index) => ({
    ...node,
    distances: rows[index] == null ? null : Object.fromEntries(Object.entries(rows[index])),
  }));
  return groupDistances(nodes).map((group) => formatDistanceGroup(group).join(" "));
}

test("nodes that see the others alike make one line", () => {
  expect(
    describe([
      [10, 12, 21, 21],
      [12, 10, 21, 21],
      [21, 21, 10, 12],
      [21, 21, 12, 10],
    ]),
  ).toEqual(["0-1: 12 among themselves, 21 to 2-3", "2-3: 12 among themselves, 21 to 0-1"]);
});

test("two hundred equal nodes make one line", () => {
  const rows = Array.from({ length: 200 }, (_, a) =>
    Array.from({ length: 200 }, (__, b) => (a === b ? 10 : 20)),
  );
  expect(describe(rows)).toEqual(["0-199: 20 among themselves"]);
});

test("an uneven host keeps a line for every node that differs", () => {
  expect(
    describe([
      [10, 16, 16],
      [16, 10, 22],
      [16, 22, 10],
    ]),
  ).toEqual(["0: 16 to 1-2", "1-2: 22 among themselves, 16 to 0"]);
});

test("a node without a row has no line", () => {
  expect(describe([[10, 21], null])).toEqual(["0: 21 to 1"]);
});
