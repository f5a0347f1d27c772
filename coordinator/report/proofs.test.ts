import { expect, test } from "vitest";
import { proofsQuery, readProofs } from "./proofs.ts";
import { proofFormats } from "./proofs-text.ts";

const names = [
  "host_id",
  "cell_json",
  "terminal",
  "launches",
  "median_ns",
  "verdict",
  "binding_tool",
  "readback_json",
  "counters_json",
  "problems_json",
  "failure",
];

interface Row {
  readonly cell: object;
  readonly launches?: number;
  readonly readback?: object;
  readonly problems?: readonly object[];
  readonly failure?: string;
}

function rowOf({ cell, launches = 1, readback = {}, problems, failure }: Row): unknown[] {
  const isMeasured = launches > 0;
  return [
    "h1",
    JSON.stringify({ runner: "pytorch", ...cell }),
    isMeasured ? "ok" : "failed",
    // Numbers of 64 bits come as text.
    String(launches),
    isMeasured ? 1_234_000 : null,
    isMeasured ? "flagged" : null,
    isMeasured ? "numactl" : null,
    isMeasured ? JSON.stringify(readback) : null,
    isMeasured ? JSON.stringify({ minor_faults_per_call: 12.34 }) : null,
    problems === undefined ? null : JSON.stringify(problems),
    failure ?? null,
  ];
}

function proofsOf(rows: readonly Row[]) {
  const columns = names.map((name) => ({ name, type: "VARCHAR" }));
  const found = { columns, rows: rows.map(rowOf), truncated: false };
  return { sweepId: "s1", name: "axes", rows: readProofs(found), leftOut: [] };
}

const preloaded = {
  allocator_file: "/usr/lib/libjemalloc.so.2",
  openmp_runtime: "libomp.so.5, OMP 5.0.20140926",
  allowed_pus: "0-1",
};

test("a cell's settings stand beside what its process showed", () => {
  const proofs = proofsOf([
    { cell: { allocator: "jemalloc", openmp: "intel", interop: 1 }, readback: preloaded },
    {
      cell: { allocator: "glibc", openmp: "gnu" },
      readback: { allocator_file: "/usr/lib/libc.so.6", openmp_runtime: null, allowed_pus: "0-1" },
    },
  ]);
  expect(proofFormats.csv(proofs, 200)).toBe(
    [
      "allocator,openmp,launches,median_ms,verdict,mapped_allocator,OpenMP_says,faults_a_call,may_run_on,bound_by",
      'jemalloc,intel,1,1.234,flagged,libjemalloc.so.2,"libomp.so.5, OMP 5.0.20140926",12.3,0-1,numactl',
      "glibc,gnu,1,1.234,flagged,libc.so.6,–,12.3,0-1,numactl",
      "",
    ].join("\r\n"),
  );
  const lines = proofFormats.table(proofs, 80).split("\n");
  expect(lines[0]).toBe("axes: runner pytorch, interop 1");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("what did not take effect, what failed and what was left out are named with the reason", () => {
  const proofs = {
    ...proofsOf([
      {
        cell: { mode: "eager" },
        problems: [
          { code: "noisy", message: "±9 %" },
          { code: "knob-not-effective", message: "allocator: libjemalloc is not mapped" },
        ],
      },
      {
        cell: { mode: "compile" },
        launches: 0,
        failure: "cell-unsupported: no\u001b[31m compiler",
      },
      { cell: { mode: "graph" }, launches: 0 },
    ]),
    leftOut: [
      { rule: "knob-available", reason: "libmimalloc is not installed", count: 4, axis: null },
    ],
  };
  for (const render of [proofFormats.table, proofFormats.md]) {
    const text = render(proofs, 200);
    expect(text).toContain("libjemalloc is not mapped");
    expect(text).toContain("missing (1 cell): cell-unsupported: no compiler (mode compile)");
    expect(text).toContain("missing (1 cell): not measured: failed (mode graph)");
    expect(text).toContain("left out (4 cells) by knob-available: libmimalloc is not installed");
  }
  expect(JSON.parse(proofFormats.json(proofs, 80))).toMatchObject({
    rows: [{ problem: "allocator: libjemalloc is not mapped", failure: null }, {}, {}],
  });
});

test("without a host to ask, nothing is said of what the plan left out but that", () => {
  const text = proofFormats.table({ ...proofsOf([]), leftOut: null }, 80);
  expect(text).toContain("no host of it is connected");
});

test("an id cannot end the text that it stands in", () => {
  expect(proofsQuery("x' OR 'a' = 'a")).toContain("'x'' OR ''a'' = ''a'");
});
