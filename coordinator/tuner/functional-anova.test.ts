import { expect, test } from "vitest";
import { functionalAnova } from "./functional-anova.ts";
import { makeSpace } from "./space.ts";

const levels = [0, 1];
const cells = levels.flatMap((a) => levels.flatMap((b) => levels.map((c) => ({ a, b, c }))));
const space = makeSpace(
  ["a", "b", "c"].map((name) => ({ kind: "choice" as const, name })),
  cells,
  [],
);
const values = (f: (a: number, b: number, c: number) => number) =>
  Float64Array.from(cells, ({ a, b, c }) => f(a, b, c));

test("an additive function's shares are main effects only, by the squares of the effects", () => {
  const [a, b, c] = functionalAnova(
    space,
    values((x, y) => 3 * x + 4 * y),
  );
  expect(a).toEqual({
    knob: "a",
    main: expect.closeTo(9 / 25, 12),
    total: expect.closeTo(9 / 25, 12),
  });
  expect(b?.main).toBeCloseTo(16 / 25, 12);
  expect(c).toEqual({ knob: "c", main: 0, total: 0 });
});

test("a pure interaction has totals and no main effects", () => {
  const shares = functionalAnova(
    space,
    values((x, y) => (x === y ? 1 : 0)),
  );
  expect(shares.map(({ main }) => main)).toEqual([0, 0, 0]);
  expect(shares.map(({ total }) => total)).toEqual([1, 1, 0]);
});

test("cells that collapse into one configuration keep their weight", () => {
  const collapsed = makeSpace(space.knobs, cells, [{ knob: "c", when: { knob: "a", value: 0 } }]);
  const shares = functionalAnova(
    collapsed,
    Float64Array.from(collapsed.configurations, ({ values: cell }) => Number(cell["a"])),
  );
  expect(shares.map(({ main }) => main)).toEqual([1, 0, 0]);
});

test("a constant function has no shares", () => {
  const shares = functionalAnova(
    space,
    values(() => 5),
  );
  expect(shares.every(({ main, total }) => main === 0 && total === 0)).toBe(true);
});
