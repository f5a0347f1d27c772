import { basename } from "node:path";
import {
  type Knob,
  type KnobEvidence,
  type KnobHost,
  type KnobSetting,
  noSetting,
} from "./knob.ts";
import { parseOpenmpDisplay } from "./openmp-display.ts";

/** LLVM's runtime is Intel's upstream and reads the same KMP_ variables. */
const intelLibraries = ["libiomp5", "libomp"];

/**
 * `openmp`: GNU's runtime as the framework links it, or Intel's (LLVM's) through LD_PRELOAD, which then
 * takes the calls to GOMP_ functions too. libgomp stays mapped either way, so the mapped files prove
 * nothing: Intel's runtime writes its version when it is first called, and GNU's is proved by the absence
 * of another.
 */
export const openmp: Knob = {
  name: "openmp",
  axes: ["openmp"],
  set({ value }, host) {
    if (value === undefined) return noSetting;
    if (value === "gnu") return gnu;
    if (value !== "intel") return { refused: `no OpenMP runtime is called ${value}` };
    const path = findIntel(host);
    if (path === undefined) {
      return { refused: "neither libiomp5 nor libomp is installed on this host" };
    }
    return intel(path);
  },
};

const show = { OMP_DISPLAY_ENV: "VERBOSE" };

function findIntel({ libraries }: KnobHost): string | undefined {
  return intelLibraries.map((name) => libraries[name]).find((path) => path !== undefined);
}

const gnu: KnobSetting = {
  ...noSetting,
  environment: show,
  proof: ({ mappedFiles, stderrHead }) => {
    if (mappedFiles === null) return "the mapped files cannot be read";
    const other = mappedFiles.find((file) =>
      intelLibraries.some((name) => file.includes(`/${name}.`)),
    );
    if (other !== undefined) return `${other} is mapped though GNU's was asked for`;
    if (!mappedFiles.some((file) => file.includes("/libgomp"))) return "libgomp is not mapped";
    return parseOpenmpDisplay(stderrHead).gnu === null ? "libgomp did not show its settings" : null;
  },
  readback: { openmp: "gnu" },
  shown: (evidence) => ({ openmp_runtime: showGnu(evidence) }),
};

/** libgomp says which OpenMP it implements, as `201511`; its own version is that of its file. */
function showGnu({ mappedFiles, stderrHead }: KnobEvidence): string | null {
  const version = parseOpenmpDisplay(stderrHead).gnu?.get("_OPENMP");
  const file = mappedFiles?.find((path) => path.includes("/libgomp"));
  return version === undefined || file === undefined
    ? null
    : `${basename(file)}, OpenMP ${version}`;
}

function intel(path: string): KnobSetting {
  return {
    ...noSetting,
    environment: { ...show, KMP_VERSION: "1" },
    preload: [path],
    proof: ({ mappedFiles, stderrHead }) => {
      if (mappedFiles === null) return "the mapped files cannot be read";
      if (!mappedFiles.includes(path)) return `${path} is not mapped`;
      if (parseOpenmpDisplay(stderrHead).intelVersion !== null) return null;
      return `${path} is mapped but was never called`;
    },
    readback: { openmp: "intel", openmp_library: path },
    shown: ({ stderrHead }) => {
      const version = parseOpenmpDisplay(stderrHead).intelVersion;
      return { openmp_runtime: version === null ? null : `${basename(path)}, OMP ${version}` };
    },
  };
}
