import {
  type InertRule,
  type Knob,
  makeSpace,
  type Space,
} from "../../../coordinator/tuner/space.ts";
import type { Cell } from "../../../shared/domain/cell.ts";

/** GNU OpenMP has no block time: its counterparts are GOMP_SPINCOUNT and OMP_WAIT_POLICY. */
export const inertRules: readonly InertRule[] = [
  { knob: "kmp_blocktime", when: { knob: "openmp", value: "gomp" } },
];

/** The five knobs of a table as a space; rows that behave alike are one configuration. */
export function tableSpace(rows: readonly Cell[], coresPerPackage: number | null): Space {
  const choices = ["allocator", "openmp", "thp", "kmp_blocktime"];
  const knobs: Knob[] = [
    { kind: "cores", name: "cores", coresPerPackage },
    ...choices.map((name) => ({ kind: "choice" as const, name })),
  ];
  return makeSpace(knobs, rows, inertRules);
}

/** The settings of a host that nobody tuned, at the largest core count. */
export function untunedConfiguration(space: Space): number {
  const largest = Math.max(...space.configurations.map(({ values }) => Number(values["cores"])));
  const wanted: Cell = { cores: largest, allocator: "glibc", openmp: "gomp", thp: "never" };
  const matches = space.configurations.map(
    ({ values }) => Object.keys(wanted).filter((name) => values[name] === wanted[name]).length,
  );
  return matches.indexOf(Math.max(...matches));
}
