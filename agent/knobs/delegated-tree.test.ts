import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CgroupTreeOptions, makeCgroupTree } from "../../shared/testing/cgroup-tree.ts";
import { plainEvidence, plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus } from "../../shared/testing/launch-request.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { enterCgroup, subtreeOf } from "./delegated-tree.ts";
import { findScopes } from "./find-scopes.ts";
import type { CgroupEvidence, DelegatedTree, KnobEvidence, KnobHost } from "./knob.ts";
import { setKnobs } from "./registry.ts";

const home = "/sys/fs/cgroup/system.slice/fleetsweep-agent.service";
const tree: DelegatedTree = { manager: "delegated", environment: {}, directory: home };
const bound = { ...onPus(2, 3, 8), memoryNodes: [1], memoryPolicy: "bind" as const };
const place = { launchId: "0a1b", index: 3 };

test("an agent whose unit was given a subtree moves into a leaf of it, and hands the cpuset controller down", async () => {
  const { probe, texts, directories } = makeCgroupTree({ others: { "43": "42" } });
  expect(await findScopes(probe)).toEqual(tree);
  expect(texts[`${home}/cgroup.procs`]).toBe("");
  expect(texts[`${home}/agent/cgroup.procs`]).toBe("42\n43\n");
  expect(texts[`${home}/cgroup.subtree_control`]).toBe("+cpuset");
  // The trial is gone.
  expect([...directories]).toEqual([home, `${home}/agent`]);
});

test("an agent that lives in its leaf already finds the same subtree", async () => {
  const inLeaf = "0::/system.slice/fleetsweep-agent.service/agent\n";
  expect(subtreeOf(inLeaf)).toBe(home);
  const { probe, texts } = makeCgroupTree();
  texts["/proc/self/cgroup"] = inLeaf;
  expect(await findScopes(probe)).toEqual(tree);
});

test.each<[string, CgroupTreeOptions]>([
  ["is not delegated to this agent's user", { ownerUid: 0 }],
  ["may not write in", { canWrite: false }],
  ["has no cpuset controller", { controllers: "cpu memory pids\n" }],
  ["other programs run in", { others: { "7": "1" } }],
  ["other programs run in", { others: { "0": "1" } }],
  ["in the root of the cgroup hierarchy", { path: "/" }],
  ["processes do not leave", { isStuck: true }],
  ["does not limit PUs", { isLoose: true }],
])("no cgroups of its own: it %s", async (reason, options) => {
  const found = await findScopes(makeCgroupTree(options).probe);
  expect(found).toMatchObject({ manager: null, problem: expect.stringContaining(reason) });
});

test("nothing is moved where the subtree is somebody else's too", async () => {
  const { probe, texts, directories } = makeCgroupTree({ others: { "7": "1" } });
  await findScopes(probe);
  expect(texts[`${home}/cgroup.procs`]).toBe("42\n7\n");
  expect(directories.size).toBe(1);
});

test("an instance enters a cgroup named after its launch, with its PUs and the NUMA nodes that it is bound to", () => {
  const words = enterCgroup(tree, bound, place);
  expect(words.slice(0, 2)).toEqual(["sh", "-c"]);
  expect(words.slice(3)).toEqual([`${home}/fleetsweep-launch-0a1b-3`, "2-3,8", "1"]);
  const local = enterCgroup(tree, { ...bound, memoryPolicy: "local" }, place);
  expect(local.at(-1)).toBe("");
});

test("what enters writes the sets before itself, and becomes the command with every sign of its arguments", async () => {
  const { path, remove } = await makeTemporaryDirectory();
  const [program = "", ...args] = enterCgroup({ directory: path }, bound, place);
  const odd = ["two words", "$(id)", "`id`", ";", "*", "'", ""];
  const printed = spawnSync(program, [...args, "printf", "<%s>", ...odd], { encoding: "utf8" });
  expect(printed.stdout).toBe(odd.map((word) => `<${word}>`).join(""));
  const cgroup = join(path, "fleetsweep-launch-0a1b-3");
  const written = ["cpuset.cpus", "cpuset.mems", "cgroup.procs"].map((file) =>
    readFileSync(join(cgroup, file), "utf8"),
  );
  expect(written).toEqual(["2-3,8\n", "1\n", "0\n"]);
  const refused = enterCgroup({ directory: "/proc/none" }, bound, place);
  const failed = spawnSync(refused[0] ?? "", [...refused.slice(1), "echo", "ran"]);
  expect([failed.status === 0, failed.stdout.toString()]).toEqual([false, ""]);
  await remove();
});

const delegated: KnobHost = { ...plainKnobHost, memoryNodes: [0, 1], scopes: tree };

function evidence(cgroup: Partial<CgroupEvidence>): KnobEvidence {
  const path = "/system.slice/fleetsweep-agent.service/fleetsweep-launch-0a1b-3";
  return {
    ...plainEvidence,
    placement: bound,
    reportedThreads: bound.threads,
    cgroup: { path, cpus: bound.pus, memoryNodes: [1], ...cgroup },
  };
}

test("a cgroup of the agent's is proved as a scope is, and the result says which it was", () => {
  const settings = setKnobs({}, [bound], delegated);
  if ("refused" in settings) throw new Error(settings.refused);
  const scope = settings.find(({ knob }) => knob === "scope")?.setting;
  expect(scope?.readback).toEqual({ launch_scope: "delegated", launch_slice: home });
  expect(scope?.proof(evidence({}))).toBeNull();
  const leaf = "/system.slice/fleetsweep-agent.service/agent";
  expect(scope?.proof(evidence({ path: leaf }))).toContain("in no cgroup for launches");
  expect(scope?.proof(evidence({ cpus: [2, 3] }))).toContain("has the PUs 2-3, not 2-3,8");
});
