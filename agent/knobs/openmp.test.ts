import { expect, test } from "vitest";
import type { Cell } from "../../shared/domain/cell.ts";
import { plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus } from "../../shared/testing/launch-request.ts";
import type { KnobEvidence } from "./knob.ts";
import { parseOpenmpDisplay } from "./openmp-display.ts";
import { setKnobs } from "./registry.ts";

/** libgomp 12.2, as it writes when it is loaded. */
const gnuShown = `
OPENMP DISPLAY ENVIRONMENT BEGIN
  _OPENMP = '201511'
  OMP_NUM_THREADS = '2'
  OMP_PROC_BIND = 'CLOSE'
  OMP_WAIT_POLICY = 'PASSIVE'
  GOMP_CPU_AFFINITY = ''
  GOMP_SPINCOUNT = '0'
OPENMP DISPLAY ENVIRONMENT END
`;

/** libomp 14.0.6, as it writes when it is first called. */
const intelShown = `${gnuShown}LLVM OMP version: 5.0.20140926
LLVM OMP library type: performance

OPENMP DISPLAY ENVIRONMENT BEGIN
   _OPENMP='201611'
  [host] KMP_BLOCKTIME='1'
  [host] KMP_CPUINFO_FILE: value is not defined
  [host] OMP_NUM_THREADS='2'
  [host] KMP_AFFINITY='noverbose,warnings,respect,granularity=thread,compact,1,0'
OPENMP DISPLAY ENVIRONMENT END
`;

const libomp = "/usr/lib/llvm-14/lib/libomp.so.5";
const host = { ...plainKnobHost, libraries: { libomp } };

function evidence(changes: Partial<KnobEvidence>): KnobEvidence {
  return {
    mappedFiles: ["/usr/lib/libgomp.so.1.0.0"],
    placement: onPus(0, 1),
    reportedThreads: 2,
    reported: {},
    stderrHead: gnuShown,
    allowedPus: [],
    soloPus: [],
    host: { hugePages: "madvise", governor: null, hugePageBytes: 0 },
    cgroup: null,
    ...changes,
  };
}

/** The problem that the knobs of a cell find in what an instance shows, or null. */
function prove(cell: Cell, changes: Partial<KnobEvidence>): string | null {
  const settings = setKnobs(cell, [onPus(0, 1)], host);
  if ("refused" in settings) return settings.refused;
  const found = settings.map(({ setting }) => setting.proof(evidence(changes)));
  return found.find((problem) => problem !== null) ?? null;
}

function environmentOf(cell: Cell): Readonly<Record<string, string>> {
  const settings = setKnobs(cell, [onPus(0, 1)], host);
  if ("refused" in settings) throw new Error(settings.refused);
  return Object.assign({}, ...settings.map(({ setting }) => setting.environment)) as Record<
    string,
    string
  >;
}

test("each runtime's block of settings is told from the other's", () => {
  const shown = parseOpenmpDisplay(intelShown);
  expect(shown.gnu?.get("GOMP_SPINCOUNT")).toBe("0");
  expect(shown.intel?.get("KMP_BLOCKTIME")).toBe("1");
  expect(shown.intelVersion).toBe("5.0.20140926");
  expect(parseOpenmpDisplay("nothing of it")).toEqual({
    gnu: null,
    intel: null,
    intelVersion: null,
  });
});

test("GNU's runtime is proved by its own words and the absence of another", () => {
  expect(prove({ openmp: "gnu" }, {})).toBeNull();
  expect(prove({ openmp: "gnu" }, { stderrHead: "" })).toContain("did not show");
  expect(prove({ openmp: "gnu" }, { mappedFiles: ["/usr/bin/node"] })).toContain("not mapped");
  expect(prove({ openmp: "gnu" }, { mappedFiles: [libomp] })).toContain("though GNU's");
});

test("Intel's runtime is proved by what it writes when it is called, for its mapping alone is none", () => {
  const both = ["/usr/lib/libgomp.so.1.0.0", libomp];
  expect(prove({ openmp: "intel" }, { mappedFiles: both, stderrHead: intelShown })).toBeNull();
  expect(prove({ openmp: "intel" }, { mappedFiles: both })).toContain("never called");
  expect(prove({ openmp: "intel" }, { stderrHead: intelShown })).toContain("is not mapped");
  const none = setKnobs({ openmp: "intel" }, [onPus(0)], plainKnobHost);
  expect(none).toMatchObject({ axis: "openmp", refused: expect.stringContaining("neither") });
});

test("allocator and runtime are preloaded together", () => {
  const jemalloc = "/usr/lib/libjemalloc.so.2";
  const rich = { ...host, libraries: { libomp, libjemalloc: jemalloc } };
  const settings = setKnobs({ openmp: "intel", allocator: "jemalloc" }, [onPus(0)], rich);
  if ("refused" in settings) throw new Error(settings.refused);
  expect(settings.flatMap(({ setting }) => setting.preload)).toEqual([jemalloc, libomp]);
});

test("threads that are bound one to a PU are proved by where they may run", () => {
  const cell = { openmp: "gnu", openmp_binding: "close" };
  expect(environmentOf(cell)).toMatchObject({ OMP_PROC_BIND: "close", OMP_PLACES: "threads" });
  expect(prove(cell, { soloPus: [0, 1] })).toBeNull();
  expect(prove(cell, { soloPus: [0] })).toContain("PU 1");
  const intel = environmentOf({ openmp: "intel", openmp_binding: "spread" });
  expect(intel["KMP_AFFINITY"]).toBe("granularity=fine,scatter");
});

test("block time, wait policy and spins are proved by what the runtime shows", () => {
  const blocktime = (value: number) =>
    prove(
      { openmp: "intel", kmp_blocktime: value },
      { mappedFiles: [libomp], stderrHead: intelShown },
    );
  expect(blocktime(1)).toBeNull();
  expect(blocktime(200)).toBe("KMP_BLOCKTIME is 1");
  expect(prove({ openmp: "gnu", wait_policy: "passive" }, {})).toBeNull();
  expect(prove({ openmp: "gnu", wait_policy: "active" }, {})).toContain("PASSIVE with 0 spins");
  expect(prove({ openmp: "gnu", gomp_spincount: 0 }, {})).toBeNull();
  expect(prove({ openmp: "gnu", gomp_spincount: 7 }, {})).toBe("GOMP_SPINCOUNT is 0");
});

test("oneDNN is proved by what the runner reads back, and not by silence", () => {
  expect(environmentOf({ onednn: "off" })["TF_ENABLE_ONEDNN_OPTS"]).toBe("0");
  expect(prove({ onednn: "off" }, { reported: { onednn: "off" } })).toBeNull();
  expect(prove({ onednn: "off" }, { reported: { onednn: "on" } })).toBe("the runner has oneDNN on");
  expect(prove({ onednn: "on" }, {})).toContain("does not say");
  expect(environmentOf({ onednn_isa: "avx2" })["ONEDNN_MAX_CPU_ISA"]).toBe("AVX2");
  expect(prove({ onednn_isa: "avx2" }, { reported: { onednn_isa: "avx512_core" } })).toContain(
    "avx512_core",
  );
});
