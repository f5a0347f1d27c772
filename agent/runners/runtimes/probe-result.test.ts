import { expect, test } from "vitest";
import { linkedLibraries, offeredBy, type ProbeResult, refusedPairs } from "./probe-result.ts";

const probe: ProbeResult = {
  framework: "torch",
  version: "2",
  python: "3.11",
  combinations: [
    ["eager", "fp32"],
    ["eager", "int8"],
    ["compile", "fp32"],
  ],
  missing: { "compile int8": "Unsupported", "eager bf16": "x".repeat(2_000), "graph xla": "no" },
  attentions: ["explicit"],
  transformers: null,
  xla: false,
  onednn: null,
  build: { blas: null, onednn_version: null, openmp_version: null, cpu_capability: null },
  libraries: { openmp: [], blas: [], onednn: [], allocator: [] },
  location: "/usr",
};

test("a runner offers what ran, and refuses the pairs that did not with their reason", () => {
  expect(offeredBy(probe)).toEqual({ modes: ["eager", "compile"], dtypes: ["fp32", "int8"] });
  const usual = { modes: ["eager", "compile"], dtypes: ["fp32", "bf16", "int8"] };
  expect(refusedPairs(probe, usual)).toEqual({
    "compile int8": "Unsupported",
    "eager bf16": "x".repeat(500),
    "compile bf16": "it does not run on this host",
  });
});

const lib = "/usr/lib/x86_64-linux-gnu";

test.each([
  [`${lib}/blas/libblas.so.3.11.0`, true],
  [`${lib}/openblas-openmp/libblas.so.3`, false],
  [`${lib}/openblas-openmp/libopenblas-openmp-r0.3.21.so`, false],
  [`${lib}/blis-openmp/libblas.so.3`, false],
])("the BLAS %s is the slow reference: %s", (path, isReference) => {
  const linked = linkedLibraries({ ...probe, libraries: { ...probe.libraries, blas: [path] } });
  expect(linked.warning === null).toBe(!isReference);
  expect(linked.blas).toBe(path.slice(path.lastIndexOf("/") + 1));
});

test("NumPy's own BLAS is not the framework's, and what is built in needs no file", () => {
  const blas = ["/env/numpy.libs/libscipy_openblas64_-1.so"];
  const mapped = { ...probe.libraries, blas, openmp: ["/env/torch/lib/libgomp.so.1"] };
  expect(linkedLibraries({ ...probe, libraries: mapped }).blas).toBe("unknown");
  const build = { ...probe.build, blas: "mkl 2024.2", onednn_version: "3.13.3" };
  expect(linkedLibraries({ ...probe, build, libraries: mapped })).toEqual({
    blas: "mkl 2024.2",
    onednn: "3.13.3",
    openmp: "libgomp.so.1",
    warning: null,
  });
});
