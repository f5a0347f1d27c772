import { expect, test } from "vitest";
import { offerKnobs } from "../agent/offer-knobs.ts";
import { readCatalogue } from "../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../agent/runners/catalogue-config.ts";
import { assumeRunners, strangersIn } from "../coordinator/logic/assumed-runners.ts";
import { parseSweepFile } from "../coordinator/sweep-file/parse-sweep-file.ts";
import { plainKnobHost } from "../shared/testing/knob-host.ts";

const config = { nodePath: process.execPath, ...runnersConfigSchema.parse({}) };

test("what is assumed of a runner offline is what it declares on a host", async () => {
  const offered = offerKnobs(await readCatalogue(config), plainKnobHost);
  const declared = offered.map((entry) => entry.declaration);
  expect(declared.map(({ name }) => name)).toContain("onnxruntime");
  for (const { knobRefusals: _, refusedPairs: __, ...declaration } of declared) {
    const spec = parseSweepFile(`axes: {runner: ${declaration.name}}`, "sweep.yaml");
    expect(assumeRunners(spec)).toEqual([
      { ...declaration, version: "assumed", unavailable: null },
    ]);
  }
});

test("runners and models that are not built in are named, with the nearest that is", () => {
  const text = "axes: {runner: [onnxruntime, onnxrutime], model: [bert-tiny, bert-tinny, mine]}";
  expect(strangersIn(parseSweepFile(text, "sweep.yaml"))).toEqual([
    "runner onnxrutime is not built in: an operator's own is assumed; did you mean onnxruntime?",
    "model bert-tinny is not built in: an operator's own is assumed; did you mean bert-tiny?",
    "model mine is not built in: an operator's own is assumed",
  ]);
});
