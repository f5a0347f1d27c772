import { expect, test } from "vitest";
import { noCgroups, plainEvidence, plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus } from "../../shared/testing/launch-request.ts";
import { chooseManager, findScopes, type ScopeFacts } from "./find-scopes.ts";
import type { KnobHostProbe } from "./host-probe.ts";
import type { CgroupEvidence, KnobEvidence, KnobHost, KnobSetting } from "./knob.ts";
import { setKnobs } from "./registry.ts";
import { systemdRun } from "./scope.ts";

const bound = { ...onPus(2, 3, 8), memoryNodes: [1], memoryPolicy: "bind" as const };
const place = { launchId: "0a1b", index: 3 };

test("a scope is named after its launch and instance, and has the PUs and NUMA nodes of the placement", () => {
  expect(systemdRun({ manager: "system" }, bound, place)).toEqual([
    "systemd-run",
    "--scope",
    "--quiet",
    "--collect",
    "--slice=fleetsweep.slice",
    "--unit=fleetsweep-launch-0a1b-3.scope",
    "--property=AllowedCPUs=2-3,8",
    "--property=AllowedMemoryNodes=1",
    "--property=TasksMax=infinity",
    "--",
  ]);
  expect(systemdRun({ manager: "user" }, bound, place)[1]).toBe("--user");
});

test.each(["local", "preferred"] as const)(
  "memory that the policy %s lets lie elsewhere is not held by the cgroup",
  (memoryPolicy) => {
    const argv = systemdRun({ manager: "system" }, { ...bound, memoryPolicy }, place).join(" ");
    expect(argv).not.toContain("AllowedMemoryNodes");
  },
);

const inScopes: KnobHost = {
  ...plainKnobHost,
  hasDeathSignal: true,
  memoryNodes: [0, 1],
  scopes: { manager: "system", environment: {} },
};

function scopeOn(host: KnobHost): KnobSetting {
  const settings = setKnobs({}, [bound], host);
  if ("refused" in settings) throw new Error(settings.refused);
  const found = settings.find(({ knob }) => knob === "scope");
  if (found === undefined) throw new Error("no knob scope");
  return found.setting;
}

test("the kernel's death signal stands outside of the scope, and the memory policy inside of it", () => {
  const settings = setKnobs({}, [bound], inScopes);
  if ("refused" in settings) throw new Error(settings.refused);
  const argv = settings.flatMap(({ setting }) => setting.prefix(bound, place));
  const programs = argv.filter((word) => /^[a-z]/.test(word) && word !== "KILL");
  expect(programs).toEqual(["setpriv", "systemd-run", "numactl"]);
});

test("a host without scopes launches as before, and the result says why", () => {
  const setting = scopeOn(plainKnobHost);
  expect(setting.prefix(bound, place)).toEqual([]);
  expect(setting.proof(evidence({}))).toBeNull();
  expect(setting.readback).toEqual({
    launch_scope: "none",
    launch_scope_problem: "a test has no service manager",
  });
});

function evidence(cgroup: Partial<CgroupEvidence> | null): KnobEvidence {
  const path = "/fleetsweep.slice/fleetsweep-launch-0a1b-3.scope";
  return {
    ...plainEvidence,
    placement: bound,
    reportedThreads: bound.threads,
    cgroup: cgroup && { path, cpus: bound.pus, memoryNodes: [1], ...cgroup },
  };
}

test("a scope is proved by the process's cgroup and by what the kernel grants it", () => {
  const { proof } = scopeOn(inScopes);
  expect(proof(evidence({}))).toBeNull();
  expect(proof(evidence(null))).toContain("cannot be read");
  expect(proof(evidence({ path: "/system.slice/x.service" }))).toContain("in no scope");
  expect(proof(evidence({ cpus: [2, 3] }))).toContain("has the PUs 2-3, not 2-3,8");
  expect(proof(evidence({ cpus: null }))).toContain("cannot be read");
  expect(proof(evidence({ memoryNodes: [0, 1] }))).toContain("has the NUMA nodes 0-1, not 1");
});

const facts: ScopeFacts = {
  isBooted: true,
  controllers: "cpuset cpu io memory pids",
  hasSystemdRun: true,
  uid: 0,
  hasUserManager: false,
};

test.each<[string, Partial<ScopeFacts>]>([
  ["first process", { isBooted: false }],
  ["no unified cgroup hierarchy", { controllers: null }],
  ["no cpuset controller", { controllers: "cpu io memory" }],
  ["systemd-run is not installed", { hasSystemdRun: false }],
  ["only root may ask", { uid: 990 }],
  ["only root may ask", { uid: null }],
])("no scopes: %s", (reason, changes) => {
  expect(chooseManager({ ...facts, ...changes })).toContain(reason);
});

test("root has the host's manager, anybody else only one of their own", () => {
  expect(chooseManager({ ...facts, hasUserManager: true })).toEqual({ manager: "system" });
  expect(chooseManager({ ...facts, uid: 990, hasUserManager: true })).toEqual({ manager: "user" });
});

/** A host with systemd whose trial scope shows what `output` says. */
function systemdHost(uid: number, output: string | null): KnobHostProbe {
  const status = `Uid:\t0\t${uid}\t0\t0\nCpus_allowed_list:\t0-3\n`;
  const files: Record<string, string> = {
    "/proc/self/status": status,
    "/sys/fs/cgroup/cgroup.controllers": "cpuset cpu\n",
  };
  const directories: Record<string, string[]> = {
    "/run/systemd": ["system"],
    "/run/user/990/systemd": ["private"],
  };
  return {
    hasProgram: () => Promise.resolve(true),
    succeeds: () => Promise.resolve(true),
    output: (argv) => Promise.resolve(argv.includes("--property=AllowedCPUs=3") ? output : null),
    read: (path) => Promise.resolve(files[path] ?? null),
    list: (path) => Promise.resolve(directories[path] ?? []),
    canWrite: () => Promise.resolve(true),
    resolve: (path) => Promise.resolve(path),
    ...noCgroups,
  };
}

const inTrial = "Cpus_allowed_list:\t3\n0::/fleetsweep.slice/run-r1.scope\n";

test("a manager is believed when its trial scope had the one PU that was asked for", async () => {
  expect(await findScopes(systemdHost(0, inTrial))).toEqual({ manager: "system", environment: {} });
  expect(await findScopes(systemdHost(990, inTrial))).toEqual({
    manager: "user",
    environment: { XDG_RUNTIME_DIR: "/run/user/990" },
  });
  const refused = await findScopes(systemdHost(0, null));
  expect(refused).toMatchObject({ manager: null, problem: expect.stringContaining("no scope") });
});

test("a manager that has no cpuset to give, or another slice, is none", async () => {
  const free = inTrial.replace("\t3\n", "\t0-3\n");
  const elsewhere = inTrial.replace("fleetsweep.slice", "system.slice");
  for (const output of [free, elsewhere]) {
    const found = await findScopes(systemdHost(0, output));
    expect(found).toMatchObject({ problem: expect.stringContaining("does not limit PUs") });
  }
});
