import fc from "fast-check";
import { expect, test } from "vitest";
import { seededOrder } from "./seeded-order.ts";

const keys = fc.uniqueArray(fc.string(), { maxLength: 20 });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const identity = (key: string): string => key;

test("the order is a permutation that does not depend on the order given", () => {
  fc.assert(
    fc.property(keys, seed, (items, by) => {
      const ordered = seededOrder(items, identity, by);
      expect([...ordered].sort()).toEqual([...items].sort());
      expect(seededOrder([...items].reverse(), identity, by)).toEqual(ordered);
    }),
  );
});

test("taking an item out leaves the order of the others as it was", () => {
  fc.assert(
    fc.property(keys, seed, (items, by) => {
      const [first] = items;
      const ordered = seededOrder(items, identity, by);
      const rest = seededOrder(items.slice(1), identity, by);
      expect(rest).toEqual(ordered.filter((item) => item !== first));
    }),
  );
});

test("over many seeds every item comes first about equally often", () => {
  const items = ["a", "b", "c", "d"];
  const firsts = new Map<string, number>();
  const seeds = 4_000;
  for (let by = 0; by < seeds; by++) {
    const [first = ""] = seededOrder(items, (item) => `block 1 ${item}`, by);
    firsts.set(first, (firsts.get(first) ?? 0) + 1);
  }
  // Five standard deviations of a binomial with p = 1/4 are 137.
  for (const item of items) expect(Math.abs((firsts.get(item) ?? 0) - seeds / 4)).toBeLessThan(137);
});
