import { findPreset } from "../../shared/domain/allocator-presets.ts";
import { stringAxis } from "../../shared/domain/cell.ts";
import { type Knob, type KnobEvidence, noSetting } from "./knob.ts";

/**
 * `allocator_tunables`: a named preset of the allocator's own variables. jemalloc and mimalloc say in
 * stderr what they took, and that is the proof; glibc and tcmalloc say nothing, so that for them the
 * environment of the process and its page faults per call have to do.
 */
export const allocatorTunables: Knob = {
  name: "allocator-tunables",
  axes: ["allocator_tunables"],
  set({ cell, value }) {
    if (value === undefined || value === "none") return noSetting;
    const allocator = stringAxis(cell, "allocator") ?? "glibc";
    const variables = findPreset(allocator, String(value));
    if (variables === null) return { refused: `${allocator} has no tunables called ${value}` };
    const confirm = Object.hasOwn(confirmations, allocator) ? confirmations[allocator] : undefined;
    return {
      ...noSetting,
      environment: variables,
      proof: (evidence) => confirm?.(variables, evidence) ?? null,
      readback: { allocator_tunables: String(value) },
    };
  },
};

type Confirm = (
  variables: Readonly<Record<string, string>>,
  evidence: KnobEvidence,
) => string | null;

const confirmations: Readonly<Record<string, Confirm>> = {
  jemalloc: ({ MALLOC_CONF = "" }, { stderrHead }) => {
    const missing = MALLOC_CONF.split(",").find(
      (pair) => !stderrHead.includes(`<jemalloc>: -- Set conf value: ${pair}`),
    );
    return missing === undefined ? null : `jemalloc did not confirm ${missing}`;
  },
  mimalloc: (variables, { stderrHead }) => {
    const wanted = Object.entries(variables).filter(([name]) => name !== "MIMALLOC_VERBOSE");
    const taken = wanted.some(([name, value]) => {
      const option = name.replace("MIMALLOC_", "").toLowerCase();
      return stderrHead.includes(`mimalloc: option '${option}': ${value}`);
    });
    return taken ? null : `mimalloc confirmed none of ${wanted.map(([name]) => name).join(", ")}`;
  },
};
