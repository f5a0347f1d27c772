import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { fleetsweep, programsOf, type RunningUp, startCli, startUp } from "./fleet.ts";

/** Minutes of work: whoever looks at it sees it run. */
const longSweep = `
name: long
axes: {runner: noop, batch_size: 1..64}
method: {precision: quick, min_seconds: 1, max_seconds: 2}
`;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let state: string;
let file: string;
let up: RunningUp;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  state = join(directory.path, "state");
  file = join(directory.path, "long.yaml");
  await writeFile(file, longSweep);
  up = await startUp(state);
});
afterEach(async () => {
  up.child.kill("SIGTERM");
  await up.ended;
  await directory.remove();
});

test("a sweep that runs is shown, listed and cancelled, each with its exit code", async () => {
  const submitted = await fleetsweep(state, "run", file, "--detach");
  expect(submitted).toMatchObject({ code: 0, stdout: expect.stringMatching(/^[0-9A-Z]{26}\n$/) });
  const sweepId = submitted.stdout.trim();
  const shown = await fleetsweep(state, "status", sweepId);
  expect(shown).toMatchObject({ code: 0, stderr: "" });
  expect(shown.stdout).toMatch(
    /^\w{26} {2}long, submitted \S+ ago\nrunning {2}0\/64 cells measured/,
  );
  // Without an id: the one that runs.
  const newest = await fleetsweep(state, "status");
  expect(newest).toMatchObject({ code: 0, stdout: expect.stringContaining(`${sweepId}  long`) });
  const odd = await fleetsweep(state, "status", sweepId, "-o", "xml");
  expect(odd).toMatchObject({ code: 2, stderr: 'fleetsweep: -o takes table or json, not "xml"\n' });
  const listed = await fleetsweep(state, "sweeps", "-o", "json");
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { sweep_id: sweepId, name: "long", state: "running", cells: { total: 64, failed: 0 } },
  ]);
  expect(await fleetsweep(state, "cancel", sweepId)).toMatchObject({ code: 0 });
  expect(await fleetsweep(state, "cancel", sweepId)).toMatchObject({
    code: 2,
    stderr: `fleetsweep: sweep ${sweepId} is already cancelled\n`,
  });
  expect(await fleetsweep(state, "status", "none")).toMatchObject({ code: 2 });
});

test("who follows a sweep whose coordinator dies is told that nothing is lost", async () => {
  const { child, output, ended } = startCli(state, "run", file);
  while (!output.stderr.includes("running")) await once(child.stderr ?? child, "data");
  const { coordinator } = await programsOf(state);
  process.kill(coordinator ?? 0, "SIGKILL");
  expect(await ended).toBe(3);
  expect(output.stderr).toMatch(
    /fleetsweep: the coordinator went away; .* goes on with a new one\n$/,
  );
});
