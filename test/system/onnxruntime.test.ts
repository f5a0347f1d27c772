import { expect, test } from "vitest";
import { nodeKnobHostProbe, readKnobHost } from "../../agent/knobs/host.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { decodeSamples } from "../../shared/runtime/sample-codec.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";

test("one launch of ONNX Runtime measures every cell of its group", async () => {
  const plan = planLaunch({
    cells: cellsOf({ runner: "onnxruntime", model: "bert-tiny", dtype: "int8" }, [8, 16]),
    placement: { instances: [onPus(0)], idlePus: [] },
    method: quickMethod(),
    catalogue: await readCatalogue({ nodePath: process.execPath, models: {}, commands: {} }),
    knobHost: await readKnobHost(nodeKnobHostProbe),
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  const phases: string[] = [];
  const report = await runLaunch(plan, {
    system: nodeLaunchSystem(process),
    signal: new AbortController().signal,
    onProgress: (cellId, phase) => phases.push(`${cellId} ${phase}`),
  });

  expect(report.cancelled).toBe(false);
  expect([...report.outcomes.keys()]).toEqual(["c8", "c16"]);
  expect(phases).toContain("c16 measuring");
  for (const outcome of report.outcomes.values()) {
    if (outcome.type !== "measured") throw new Error(outcome.message);
    const [instance] = outcome.instances;
    if (instance === undefined) throw new Error("no instance");
    expect(decodeSamples(instance.samples)).toHaveLength(instance.calls);
    expect(outcome.medianNs).toBe(instance.medianNs);
    expect(outcome.environment.readback["threads"]).toBe(1);
    const codes = outcome.verdict.reasons.map(({ code }) => code);
    expect(codes).not.toContain("off-plan-affinity");
    expect(codes).not.toContain("knob-not-effective");
  }
});
