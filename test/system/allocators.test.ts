import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import { allocatorPresets } from "../../shared/domain/allocator-presets.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";

const knobHost = await readKnobHost(nodeKnobHostProbe);
const faulty = fileURLToPath(new URL("../fixtures/runners/faulty.mjs", import.meta.url));
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  ...runnersConfigSchema.parse({
    commands: {
      faulty: {
        argv: [process.execPath, faulty],
        version: "1",
        models: ["m"],
        parameters: { fault: { type: "choice", values: ["none"], default: "none" } },
      },
    },
  }),
});

const libraries: Readonly<Record<string, string>> = {
  jemalloc: "libjemalloc",
  tcmalloc: "libtcmalloc_minimal",
  mimalloc: "libmimalloc",
};
const settings = Object.entries(allocatorPresets).flatMap(([allocator, presets]) =>
  ["none", ...Object.keys(presets)].map((preset) => [allocator, preset] as const),
);
const isMissing = (allocator: string): boolean => {
  const library = libraries[allocator];
  return library !== undefined && knobHost.libraries[library] === undefined;
};
const missing = Object.keys(libraries).filter(isMissing);
// The name of a skipped test is its message.
test.skipIf(missing.length > 0)(`allocators are installed, missing: ${missing.join(", ")}`, () => {
  expect(missing).toEqual([]);
});

function planWith(allocator: string, allocator_tunables: string) {
  return planLaunch({
    cells: cellsOf({ runner: "faulty", model: "m", allocator, allocator_tunables }, [8]),
    placement: { instances: [onPus(0)], idlePus: [] },
    method: quickMethod(),
    catalogue,
    knobHost,
  });
}

test.each(settings.filter(([allocator]) => !isMissing(allocator)))(
  "%s with the tunables %s takes effect in a real process, and shows that it did",
  async (allocator, preset) => {
    const plan = planWith(allocator, preset);
    if ("refused" in plan) throw new Error(plan.refused.reason);
    const report = await runLaunch(plan, {
      system: nodeLaunchSystem(process),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const outcome = report.outcomes.get("c8");
    if (outcome?.type !== "measured") throw new Error(outcome?.message ?? "no outcome");
    const effective = outcome.verdict.reasons.filter(({ code }) => code === "knob-not-effective");
    expect(effective).toEqual([]);
    expect(outcome.environment.readback["allocator"]).toBe(allocator);
    expect(outcome.environment.counters["minor_faults_per_call"]).toBeGreaterThanOrEqual(0);
  },
);

test("an allocator that is not installed is refused, and never runs with the default", () => {
  const bare = { ...knobHost, libraries: {} };
  const refused = planLaunch({
    cells: cellsOf({ runner: "faulty", model: "m", allocator: "jemalloc" }, [8]),
    placement: { instances: [onPus(0)], idlePus: [] },
    method: quickMethod(),
    catalogue,
    knobHost: bare,
  });
  expect(refused).toMatchObject({ refused: { code: "knob-refused" } });
});
