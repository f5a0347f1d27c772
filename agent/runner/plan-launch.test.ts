import { expect, test } from "vitest";
import type { Cell } from "../../shared/domain/cell.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus, quickMethod } from "../../shared/testing/launch-request.ts";
import type { CatalogueEntry } from "../runners/catalogue-entry.ts";
import { planLaunch, toRefusedOutcome } from "./plan-launch.ts";

const runner: CatalogueEntry = {
  declaration: {
    name: "r",
    version: "r 1",
    unavailable: null,
    modes: ["graph"],
    dtypes: ["fp32", "int8"],
    models: ["built-in", "theirs"],
    parameters: {
      level: { type: "choice", values: ["low", "high"], default: "high" },
      width: { type: "integer", min: 1, max: 8, default: 2 },
      arena: { type: "flag", default: true },
    },
    knobs: ["allocator"],
    refusedPairs: { "graph int8": "no kernels" },
    knobRefusals: { arena: { false: "built with the arena alone" } },
  },
  argv: ["/usr/bin/r", "--serve"],
  models: {
    "built-in": { kind: "built-in" },
    theirs: { kind: "file", path: "/models/theirs.onnx", dtype: "fp32" },
  },
};
const gone: CatalogueEntry = {
  ...runner,
  declaration: { ...runner.declaration, name: "gone", unavailable: "no library" },
};

function plan(cell: Cell, instances: readonly InstancePlacement[] = [onPus(0, 1)]) {
  return planLaunch({
    cells: [
      { cellId: "a", cell: { runner: "r", model: "built-in", dtype: "fp32", ...cell } },
      {
        cellId: "b",
        cell: { runner: "r", model: "built-in", dtype: "fp32", ...cell, batch_size: 2 },
      },
    ],
    placement: { instances, idlePus: [] },
    method: quickMethod(),
    catalogue: [runner, gone],
    knobHost: plainKnobHost,
  });
}

function planned(cell: Cell) {
  const result = plan(cell);
  if ("refused" in result) throw new Error(result.refused.reason);
  return result;
}

test("a visit of a canary is launched as the cell that it visits", () => {
  const [plain, visit] = [planned({}), planned({ canary: "h1-0001" })];
  expect(visit.start).toEqual(plain.start);
  expect(visit.settings.map(({ knob }) => knob)).toEqual(plain.settings.map(({ knob }) => knob));
  expect(visit.cells[0]?.cell["canary"]).toBe("h1-0001");
});

test("a plan has the catalogue's program, and every parameter with its default", () => {
  const { argv, start, cells } = planned({ level: "low" });
  expect(argv).toEqual(["/usr/bin/r", "--serve"]);
  expect(start.parameters).toEqual({ level: "low", width: 2, arena: true });
  expect(start).toMatchObject({ mode: "graph", dtype: "fp32" });
  expect(cells).toHaveLength(2);
});

test("a declared model becomes the path that the host's operator gave it", () => {
  expect(planned({ model: "theirs" }).start.model).toEqual({
    kind: "file",
    name: "theirs",
    path: "/models/theirs.onnx",
  });
});

test.each<[code: string, cell: Cell]>([
  ["runner-unknown", { runner: "/bin/sh" }],
  ["runner-unavailable", { runner: "gone" }],
  ["model-unknown", { model: "/etc/passwd" }],
  ["model-unknown", { model: "constructor" }],
  ["dtype-unknown", { dtype: "bf16" }],
  ["dtype-unknown", { dtype: "int8" }],
  ["dtype-unknown", { model: "theirs", dtype: "int8" }],
  ["mode-unknown", { mode: "eager" }],
  ["axis-unknown", { LD_PRELOAD: "/tmp/evil.so" }],
  ["axis-unknown", { environment: "PATH=/tmp" }],
  ["value-invalid", { level: "middle" }],
  ["value-invalid", { width: 9 }],
  ["value-invalid", { width: 1.5 }],
  ["value-invalid", { arena: "true" }],
  ["value-invalid", { arena: false }],
  ["value-invalid", { sequence_length: 0 }],
  ["value-invalid", { sequence_length: "8; rm -rf /" }],
  ["knob-refused", { allocator: "jemalloc" }],
])("%s: %o", (code, cell) => {
  expect(plan(cell)).toMatchObject({ refused: { code } });
});

test("placements that cannot be are refused", () => {
  for (const instances of [[], [onPus()], [onPus(0, 1), onPus(1, 2)]]) {
    expect(plan({}, instances)).toMatchObject({ refused: { code: "placement-invalid" } });
  }
  const unequal = [{ ...onPus(0, 1), threads: 1 }];
  expect(plan({}, unequal)).toMatchObject({ refused: { code: "knob-refused" } });
});

test("the axes that a placement was resolved from are no runner's", () => {
  const axes = {
    placement: "one-socket",
    cores: 2,
    instances: 1,
    smt: false,
    memory_policy: "local",
  };
  expect(plan(axes)).not.toHaveProperty("refused");
});

test("a refusal becomes a failed outcome that says why", () => {
  const refusal = plan({ allocator: "jemalloc" });
  if (!("refused" in refusal)) throw new Error("not refused");
  expect(toRefusedOutcome(refusal)).toEqual({
    type: "failed",
    reason: "refused",
    message: "knob-refused: allocator: libjemalloc is not installed on this host",
    stderrTail: "",
  });
});
