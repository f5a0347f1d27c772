import { expect, test } from "vitest";
import { findConfiguration, type InertRule, type Knob, makeSpace } from "./space.ts";

const knobs: Knob[] = [
  { kind: "cores", name: "cores", coresPerPackage: 2 },
  { kind: "choice", name: "openmp" },
  { kind: "choice", name: "kmp_blocktime" },
];
const inert: InertRule[] = [{ knob: "kmp_blocktime", when: { knob: "openmp", value: "gomp" } }];
const cells = [1, 2].flatMap((cores) =>
  ["gomp", "iomp"].flatMap((openmp) =>
    [0, 1].map((kmp_blocktime) => ({ cores, openmp, kmp_blocktime })),
  ),
);

test("cells that differ only in a knob that does nothing are one configuration", () => {
  const space = makeSpace(knobs, cells, inert);
  expect(space.configurations).toHaveLength(6);
  expect(space.configurationOfCell).toEqual([0, 0, 1, 2, 3, 3, 4, 5]);
  expect(space.configurations[0]).toEqual({ values: { cores: 1, openmp: "gomp" }, cells: [0, 1] });
});

test("a space keeps only the cells that it is made from", () => {
  const space = makeSpace(knobs, [...cells].reverse().slice(0, 3), inert);
  expect(space.configurations.map(({ cells: members }) => members)).toEqual([[0], [1], [2]]);
  expect(
    findConfiguration(space, { cores: 1, openmp: "iomp", kmp_blocktime: 0 }, inert),
  ).toBeNull();
});

test("a setting is found by its active knobs", () => {
  const space = makeSpace(knobs, cells, inert);
  expect(findConfiguration(space, { cores: 2, openmp: "gomp", kmp_blocktime: 1 }, inert)).toBe(3);
  expect(findConfiguration(space, { cores: 2, openmp: "gomp" }, inert)).toBe(3);
});
