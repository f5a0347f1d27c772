import { expect, test } from "vitest";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { noCgroups, plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus } from "../../shared/testing/launch-request.ts";
import { readKnobHost } from "./host.ts";
import { type KnobHostProbe } from "./host-probe.ts";
import type { KnobEvidence, KnobHost, KnobSetting } from "./knob.ts";
import { setKnobs } from "./registry.ts";

const place = { launchId: "l1", index: 0 };
const jemalloc = "/usr/lib/libjemalloc.so.2";
const host: KnobHost = { ...plainKnobHost, libraries: { libjemalloc: jemalloc } };

function settingOf(
  knob: string,
  {
    cell = {},
    instances = [onPus(0, 1)],
    on = host,
  }: {
    cell?: Record<string, string>;
    instances?: readonly InstancePlacement[];
    on?: KnobHost;
  } = {},
): KnobSetting {
  const settings = setKnobs(cell, instances, on);
  if ("refused" in settings) throw new Error(settings.refused);
  const named = settings.find((setting) => setting.knob === knob);
  if (named === undefined) throw new Error(`no knob ${knob}`);
  return named.setting;
}

const evidence: KnobEvidence = {
  mappedFiles: ["/usr/bin/node"],
  placement: onPus(0, 1),
  reportedThreads: 2,
  reported: {},
  stderrHead: "",
  allowedPus: [],
  soloPus: [],
  host: { hugePages: "madvise", governor: null, hugePageBytes: 0 },
  cgroup: null,
};

test("an allocator is preloaded, and proved by the mapped file", () => {
  const setting = settingOf("allocator", { cell: { allocator: "jemalloc" } });
  expect(setting.preload).toEqual([jemalloc]);
  expect(setting.proof(evidence)).toContain("is not mapped");
  expect(setting.proof({ ...evidence, mappedFiles: null })).toContain("cannot be read");
  expect(setting.proof({ ...evidence, mappedFiles: [jemalloc] })).toBeNull();
});

test("glibc is the default, and another allocator in its place is found", () => {
  const setting = settingOf("allocator");
  expect(setting.environment).toEqual({});
  expect(setting.proof(evidence)).toBeNull();
  expect(setting.proof({ ...evidence, mappedFiles: [jemalloc] })).toContain("jemalloc is mapped");
});

test.each([
  ["tcmalloc", "libtcmalloc_minimal is not installed"],
  ["dlmalloc", "no allocator is called dlmalloc"],
  ["/tmp/evil.so", "no allocator is called"],
])("the allocator %s is refused: %s", (allocator, reason) => {
  const refused = setKnobs({ allocator }, [onPus(0)], host);
  expect(refused).toMatchObject({ knob: "allocator", refused: expect.stringContaining(reason) });
});

test("numactl binds PUs, and memory by the policy of the placement", () => {
  const bound = (changes: Partial<InstancePlacement>): readonly string[] => {
    const instance = { ...onPus(2, 3, 8), ...changes };
    return settingOf("binding", { instances: [instance] }).prefix(instance, place);
  };
  expect(bound({})).toEqual(["numactl", "--all", "--physcpubind=2-3,8", "--"]);
  expect(bound({ memoryPolicy: "bind" })).toContain("--membind=0");
  expect(bound({ memoryPolicy: "interleave" })).toContain("--interleave=0");
  expect(bound({ memoryPolicy: "preferred" })).toContain("--preferred=0");
});

const twoNodes: KnobHost = { ...host, memoryNodes: [0, 1] };
const remote = { ...onPus(0), memoryNodes: [1], memoryPolicy: "bind" as const };

test("without numactl taskset binds PUs, and a memory policy that matters is refused", () => {
  const taskset = { ...twoNodes, bindingTool: "taskset" as const };
  const setting = settingOf("binding", { instances: [onPus(0, 1)], on: taskset });
  expect(setting.prefix(onPus(0, 1), place)).toEqual(["taskset", "--cpu-list", "0-1"]);
  expect(setting.readback).toMatchObject({ binding_tool: "taskset", memory_policy_set_by: "none" });
  expect(setKnobs({}, [remote], taskset)).toMatchObject({ knob: "binding" });
});

test("where all memory is one NUMA node, every policy is fulfilled without being set", () => {
  const taskset = { ...host, bindingTool: "taskset" as const };
  const local = { ...onPus(0), memoryPolicy: "bind" as const };
  expect(settingOf("binding", { instances: [local], on: taskset }).prefix(local, place)).toEqual([
    "taskset",
    "--cpu-list",
    "0",
  ]);
});

test("a kernel that forbids memory policies, or no tool at all, is a refusal", () => {
  const forbidden = setKnobs({}, [remote], { ...twoNodes, canBindMemory: false });
  expect(forbidden).toMatchObject({ refused: expect.stringContaining("kernel forbids") });
  const none = setKnobs({}, [onPus(0)], { ...host, bindingTool: "none" });
  expect(none).toMatchObject({ refused: expect.stringContaining("neither") });
});

test("threads are the PUs of the instance, and what the runner reports is compared", () => {
  const setting = settingOf("threads");
  expect(setting.environment["OMP_NUM_THREADS"]).toBe("2");
  expect(setting.proof(evidence)).toBeNull();
  expect(setting.proof({ ...evidence, reportedThreads: 64 })).toContain("64 threads, not 2");
  expect(setKnobs({}, [{ ...onPus(0, 1), threads: 24 }], host)).toMatchObject({ knob: "threads" });
});

test("the kernel is asked to end the runner with the agent where setpriv can", () => {
  expect(settingOf("death-signal").prefix(onPus(0), place)).toEqual([]);
  const able = { ...host, hasDeathSignal: true };
  expect(settingOf("death-signal", { on: able }).prefix(onPus(0), place)[0]).toBe("setpriv");
});

const bareProbe: KnobHostProbe = {
  hasProgram: () => Promise.resolve(false),
  succeeds: () => Promise.resolve(false),
  output: () => Promise.resolve(null),
  read: () => Promise.resolve(null),
  list: () => Promise.resolve([]),
  canWrite: () => Promise.resolve(false),
  resolve: (path) => Promise.resolve(path),
  ...noCgroups,
};

test("a bare host offers nothing and says so", async () => {
  expect(await readKnobHost(bareProbe)).toEqual({
    bindingTool: "none",
    scopes: { manager: null, problem: "systemd is not the first process of this host" },
    canBindMemory: false,
    memoryNodes: [],
    libraries: {},
    hasDeathSignal: false,
    hugePages: { values: [], problem: expect.stringContaining("is not there") },
    governor: { values: [], problem: "this host has no frequency governors" },
  });
});

test("libraries are found by their highest version, as the file behind the link", async () => {
  const found = await readKnobHost({
    ...bareProbe,
    list: (directory) =>
      Promise.resolve(
        directory === "/usr/lib64" ? ["libjemalloc.so.1", "libjemalloc.so.2", "libjemalloc.a"] : [],
      ),
    resolve: (path) => Promise.resolve(`${path}.0.1`),
  });
  expect(found.libraries).toEqual({ libjemalloc: "/usr/lib64/libjemalloc.so.2.0.1" });
});
