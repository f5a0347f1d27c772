import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import { findRuntime } from "../../agent/runners/runtimes/known.ts";
import { pythonFlags, runtimePlaces } from "../../agent/runners/runtimes/places.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";
import { installedRuntimes, runtimesDirectory, sayMissing } from "../support/python-runtimes.ts";

sayMissing("pytorch");
const hasPytorch = installedRuntimes.includes("pytorch");
const commit = "0123456789abcdef0123456789abcdef01234567";

let base = "";
/** Of the output for a batch of 2 and 16 tokens, computed without the runner. */
let expected: { checksum: string; transformers: string };

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "transformers-"));
  const runtime = findRuntime("pytorch");
  if (!hasPytorch || runtime === undefined) return;
  const { python } = runtimePlaces(runtimesDirectory, runtime);
  const place = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  const program = place("../fixtures/runners/save_tiny_bert.py");
  const kit = place("../../agent/runners/python");
  const { stdout } = await promisify(execFile)(
    python,
    [...pythonFlags, program, kit, join(base, "tiny")],
    { env: { PATH: "/usr/bin:/bin", OMP_NUM_THREADS: "1", HF_HUB_OFFLINE: "1" } },
  );
  expected = JSON.parse(stdout) as typeof expected;
  await fillCache(join(base, "hub"), join(base, "tiny"));
}, 120_000);
afterAll(() => rm(base, { recursive: true }));

/** As the packages of the hub lay it out. */
async function fillCache(cache: string, model: string): Promise<void> {
  const repository = join(cache, "models--someone--tiny-bert");
  await cp(model, join(repository, "snapshots", commit), { recursive: true });
  const branch = join(repository, "refs", "main");
  await mkdir(dirname(branch), { recursive: true });
  await writeFile(branch, commit);
}

async function catalogueWith(models: unknown) {
  return await readCatalogue({
    nodePath: process.execPath,
    runtimesDirectory,
    hubCache: join(base, "hub"),
    ...runnersConfigSchema.parse({ models }),
  });
}

async function measure(model: unknown, cell: { mode: string; dtype: string }) {
  const plan = planLaunch({
    cells: cellsOf({ runner: "pytorch", model: "mine", batch_size: 2, ...cell }, [65, 16]),
    placement: { instances: [onPus(0)], idlePus: [] },
    method: quickMethod(),
    catalogue: await catalogueWith({ mine: { runner: "pytorch", ...(model as object) } }),
    knobHost: await readKnobHost(nodeKnobHostProbe),
  });
  if ("refused" in plan) throw new Error(plan.refused.reason);
  const report = await runLaunch(plan, {
    system: nodeLaunchSystem(process),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  return { beyondPositions: report.outcomes.get("c65"), outcome: report.outcomes.get("c16") };
}

test.skipIf(!hasPytorch)(
  "a model that transformers saved computes the same in the runner, and fails alone beyond its positions",
  async () => {
    const found = await measure({ path: join(base, "tiny") }, { mode: "eager", dtype: "fp32" });
    expect(found.outcome).toMatchObject({
      type: "measured",
      environment: {
        readback: { checksum: expected.checksum },
        runnerVersions: { transformers: expected.transformers, architecture: "BertModel" },
      },
    });
    expect(found.beyondPositions).toMatchObject({ type: "failed", reason: "cell-unsupported" });
  },
  120_000,
);

test.skipIf(!hasPytorch)(
  "an id of the hub is the model in this host's cache, with its commit among the versions",
  async () => {
    const hub = "someone/tiny-bert";
    expect((await measure({ hub }, { mode: "graph", dtype: "int8" })).outcome).toMatchObject({
      type: "measured",
      environment: { runnerVersions: { revision: commit, architecture: "BertModel" } },
    });
    const named = await catalogueWith({ mine: { runner: "pytorch", hub: `${hub}@${commit}` } });
    const entry = named.find(({ declaration }) => declaration.name === "pytorch");
    expect(entry?.models["mine"]).toMatchObject({ path: expect.stringContaining(commit) });
  },
  120_000,
);

test.skipIf(!hasPytorch)(
  "weights that are no weights are named as the reason",
  async () => {
    const broken = join(base, "broken");
    await cp(join(base, "tiny"), broken, { recursive: true });
    await writeFile(join(broken, "model.safetensors"), "nothing");
    const found = await measure({ path: broken }, { mode: "eager", dtype: "fp32" });
    expect(found.outcome).toMatchObject({
      type: "failed",
      reason: "model-invalid",
      message: expect.stringContaining(broken),
    });
  },
  120_000,
);
