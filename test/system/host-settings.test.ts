import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { nodeKnobHostProbe } from "../../agent/knobs/host-probe.ts";
import { selected } from "../../agent/knobs/host-settings.ts";
import { hugePagesPath } from "../../agent/knobs/huge-pages.ts";
import { journalDirectory } from "../../agent/knobs/settings-files.ts";
import { runLaunch } from "../../agent/runner/launch.ts";
import { nodeLaunchSystem } from "../../agent/runner/launch-system.ts";
import { planLaunch } from "../../agent/runner/plan-launch.ts";
import { readCatalogue } from "../../agent/runners/catalogue.ts";
import { runnersConfigSchema } from "../../agent/runners/catalogue-config.ts";
import { cellsOf, onPus, quickMethod } from "../../shared/testing/launch-request.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

const knobHost = await readKnobHost(nodeKnobHostProbe);
const { problem } = knobHost.hugePages;
// The name of a skipped test is its message.
test.skipIf(problem !== null)(`huge pages can be set here: ${problem ?? "yes"}`, () => {
  expect(knobHost.hugePages.values).toContain("never");
});
const owner = fileURLToPath(new URL("../fixtures/runners/knob-owner.mts", import.meta.url));
const faulty = fileURLToPath(new URL("../fixtures/runners/faulty.mjs", import.meta.url));
const agent = fileURLToPath(new URL("../../agent/main.ts", import.meta.url));

const hugePages = async (): Promise<string> =>
  selected(await readFile(hugePagesPath, "utf8").catch(() => "")) ?? "";
const before = await hugePages();
const other = before === "never" ? "madvise" : "never";
const state = await makeTemporaryDirectory();
// Whatever fails here, the host gets back what it had.
afterAll(async () => {
  await state.remove();
  if (problem === null) await writeFile(hugePagesPath, before);
});

test.skipIf(problem !== null)(
  "an agent killed with -9 leaves huge pages as it set them, and the next one puts them back",
  async () => {
    const dead = spawn(process.execPath, ["--import", "tsx", owner, other], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(createInterface({ input: dead.stdout }), "line");
    expect(await hugePages()).toBe(other);
    expect(await readdir(journalDirectory)).toContain(`host-settings.${dead.pid}.json`);
    dead.kill("SIGKILL");
    await once(dead, "exit");
    const next = spawn(
      process.execPath,
      [
        "--import",
        "tsx",
        agent,
        "agent",
        "--coordinator",
        "127.0.0.1:1",
        "--state",
        join(state.path, "a"),
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await once(createInterface({ input: next.stdout }), "line");
    expect(await hugePages()).toBe(before);
    expect(await readdir(journalDirectory)).not.toContain(`host-settings.${dead.pid}.json`);
    next.kill("SIGTERM");
    await once(next, "exit");
  },
);

const faults = ["none", "crash-ready", "crash-timed", "kill-timed", "hang-timed", "garbage-timed"];
const catalogue = await readCatalogue({
  nodePath: process.execPath,
  ...runnersConfigSchema.parse({
    commands: {
      faulty: {
        argv: [process.execPath, faulty],
        version: "1",
        models: ["m"],
        knobs: ["thp"],
        parameters: { fault: { type: "choice", values: faults, default: "none" } },
      },
    },
  }),
});

test.skipIf(problem !== null).each(faults)(
  "huge pages are put back after a launch with the fault %s",
  async (fault) => {
    const plan = planLaunch({
      cells: cellsOf({ runner: "faulty", model: "m", fault, thp: other }, [8]),
      placement: { instances: [onPus(0)], idlePus: [] },
      method: quickMethod({ launchTimeoutSeconds: fault.startsWith("hang") ? 1.5 : 20 }),
      catalogue,
      knobHost,
    });
    if ("refused" in plan) throw new Error(plan.refused.reason);
    let during = "";
    const system = nodeLaunchSystem(process);
    const report = await runLaunch(plan, {
      system: {
        ...system,
        spawn: (argv, environment) => {
          const child = system.spawn(argv, environment);
          void hugePages().then((found) => {
            during = found;
          });
          return child;
        },
      },
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(during).toBe(other);
    expect(await hugePages()).toBe(before);
    const outcome = report.outcomes.get("c8");
    expect(outcome?.type).toBe(fault === "none" ? "measured" : "failed");
    if (outcome?.type !== "measured") return;
    expect(outcome.environment.readback["thp"]).toBe(other);
    expect(outcome.verdict.reasons.map(({ code }) => code)).not.toContain("knob-not-effective");
  },
);
