import { expect, test } from "vitest";
import { describeLoad } from "./server-load.ts";

const every = (count: number, ns: number): number[] =>
  Array.from({ length: count }, (_, i) => (i + 1) * ns);
const same = (count: number, ns: number): number[] => Array.from({ length: count }, () => ns);

test("load that is served in time has as much achieved as offered", () => {
  const load = describeLoad([
    { offsetsNs: every(100, 1e7), serviceNs: same(100, 4e6), spanNs: 1e9 + 4e6 },
    { offsetsNs: every(100, 1e7), serviceNs: same(100, 2e6), spanNs: 1e9 + 2e6 },
  ]);
  expect(load.offered_calls_per_second).toBeCloseTo(200, 6);
  expect(load.achieved_calls_per_second).toBeCloseTo(200, -1);
  expect(load.utilisation).toBeCloseTo(0.4, 6);
  expect(load.unserved_calls).toBe(0);
});

test("more load than can be served shows as utilisation over 1 and as calls left over", () => {
  const load = describeLoad([
    { offsetsNs: every(100, 1e7), serviceNs: same(50, 2e7), spanNs: 1e9 },
  ]);
  expect(load.utilisation).toBeCloseTo(2, 6);
  expect(load.unserved_calls).toBe(50);
  expect(load.achieved_calls_per_second).toBeCloseTo(50, 6);
});
