import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cellsOf, makeHost, plan, prunedBy } from "../../../test/plan-kit.ts";
import { maxVisits } from "./canary-visits.ts";
import { maxShardCells } from "./make-shards.ts";

/** Five launches of 64 × 4 cells: several shards of some minutes each. */
const matrix = "axes: {runner: pytorch, sequence_length: 1..64, cores: [1, 2, 3, 4]}";

function visitsOf(text: string): string[][] {
  const [host] = plan(text).hosts;
  return (host?.shards ?? []).map(({ cells }) =>
    cells.flatMap(({ cell }) => (cell["canary"] === undefined ? [] : [String(cell["canary"])])),
  );
}

test("without canaries a plan has none", () => {
  expect(visitsOf(matrix).flat()).toEqual([]);
});

test("a canary is a cell of the first shard and the last, and of one between as often as is wanted", () => {
  const seldom = visitsOf(`${matrix}\ncanaries: {every_minutes: 10000}`);
  expect(seldom.length).toBeGreaterThan(3);
  expect(seldom[0]).toEqual(["h1-0001"]);
  expect(seldom.at(-1)).toEqual([`h1-000${seldom.length}`]);
  expect(seldom.slice(1, -1).flat()).toEqual([]);
});

test("a shard that lasts longer than the launches of one visit cover has several, and is no larger", () => {
  const often = `${matrix}\ncanaries: {every_minutes: 1}`;
  const visits = visitsOf(often);
  expect(visits.every(({ length }) => length > 1 && length <= maxVisits)).toBe(true);
  expect(visits[1]?.slice(0, 2)).toEqual(["h1-0002", "h1-0002.2"]);
  // Where launches do not interleave a visit covers no time but its own.
  const inTurn = visitsOf(`${often}\nmethod: {interleave: false}`);
  expect(inTurn.slice(0, -1).every(({ length }) => length === maxVisits)).toBe(true);
  const [host] = plan(`${matrix}\ncanaries: {every_minutes: 0.001, cells: [{}, {cores: 2}]}`).hosts;
  const sizes = (host?.shards ?? []).map(({ cells }) => cells.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(maxShardCells);
  expect(cellsOf(host).filter((cell) => cell["canary"] === undefined)).toHaveLength(256);
});

test("a short sweep has as many launches of a canary as tell a drift, unless one launch is all it asks for", () => {
  const short = "axes: {runner: pytorch}\ncanaries: {}\nmethod: ";
  const launchesOf = (method: string, launches: number) =>
    visitsOf(short + method).flat().length * launches;
  expect(launchesOf("{launches: 5}", 5)).toBe(10);
  expect(launchesOf("{launches: 1}", 1)).toBe(8);
  expect(launchesOf("{launches: 9}", 9)).toBe(9);
  expect(launchesOf("{precision: smoke}", 1)).toBe(1);
});

test("the example has a canary for whose course there are launches enough", () => {
  const [visits, ...others] = visitsOf(readFileSync("examples/canaries.yaml", "utf8"));
  expect(others).toEqual([]);
  expect(visits?.length).toBeGreaterThanOrEqual(5);
});

test("a canary has the first value of each axis, or those that are named; no shard is too large", () => {
  const text = [
    matrix,
    "when: sequence_length < 60",
    "canaries:",
    "  every_minutes: 1",
    "  cells:",
    "    - {sequence_length: 64, placement: all-sockets, cores: all}",
    "    - {}",
  ].join("\n");
  const [host] = plan(text).hosts;
  const [whole, first] = cellsOf(host).filter((cell) => cell["canary"] === "h1-0001");
  expect(whole).toMatchObject({ sequence_length: 64, placement: "all-sockets", cores: 8 });
  expect(first).toMatchObject({ sequence_length: 1, placement: "one-socket", cores: 1 });
  for (const { cells } of host?.shards ?? [])
    expect(cells.length).toBeLessThanOrEqual(maxShardCells);
  const ids = (host?.shards ?? []).flatMap(({ cells }) => cells.map(({ cellId }) => cellId));
  expect(new Set(ids).size).toBe(ids.length);
});

test("a canary that a host cannot run is left out there, with the reason, and its matrix is measured", () => {
  const text = `${matrix}\ncanaries: {cells: [{cores: 400}]}`;
  const [host] = plan(text, [makeHost()]).hosts;
  expect(cellsOf(host).some((cell) => cell["canary"] !== undefined)).toBe(false);
  expect(cellsOf(host)).toHaveLength(256);
  expect(prunedBy(host)).toEqual({ "cores-within-host": 1 });
  expect(host?.pruned[0]?.reason).toContain("canary: ");
});

test("hosts that share the matrix out visit the same canary, each with shards of its own", () => {
  const text = `${matrix}\nhosts: {distribute: partition}\ncanaries: {}`;
  const hosts = plan(text, [makeHost({}, "a"), makeHost({}, "b")]).hosts;
  const visits = hosts.map((host) => cellsOf(host).filter((cell) => cell["canary"] !== undefined));
  expect(visits.every((own) => own.length > 0)).toBe(true);
  const names = visits.flat().map((cell) => cell["canary"]);
  expect(new Set(names).size).toBe(names.length);
});
