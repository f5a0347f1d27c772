import fc from "fast-check";
import { expect, test } from "vitest";
import { VersionedMap } from "./versioned-map.ts";

const keys = ["a", "b", "c", "d"];
const first: readonly [string, number][] = keys.map((key, n) => [key, n]);

/** Each step changes one of the versions so far, and looks at another one. */
const steps = fc.array(
  fc.record({
    from: fc.nat(),
    key: fc.constantFrom(...keys),
    value: fc.nat(),
    look: fc.nat(),
  }),
  { maxLength: 40 },
);

test("every version reads as a copy would, whichever is changed or read in between", () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const versions = [new VersionedMap(first)];
      const copies = [new Map(first)];
      for (const { from, key, value, look } of taken) {
        const at = from % versions.length;
        versions.push(versions[at]?.with(key, value) as VersionedMap<string, number>);
        copies.push(new Map(copies[at]).set(key, value));
        const seen = look % versions.length;
        expect(versions[seen]?.get(key)).toBe(copies[seen]?.get(key));
      }
      for (const [n, version] of versions.entries()) {
        expect([...version]).toEqual([...(copies[n] ?? [])]);
        expect([...version.keys()]).toEqual(keys);
        expect([...version.values()]).toEqual([...(copies[n]?.values() ?? [])]);
        expect(version.size).toBe(keys.length);
      }
    }),
  );
});

test("a key that is not there is no entry to change", () => {
  const map = new VersionedMap(first);
  expect(() => map.with("z", 1)).toThrow(RangeError);
  expect(map.has("z")).toBe(false);
  expect([...map]).toEqual([...first]);
});
