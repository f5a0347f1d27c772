import { expect, test } from "vitest";
import type { Cell } from "../../shared/domain/cell.ts";
import { plainKnobHost } from "../../shared/testing/knob-host.ts";
import { onPus } from "../../shared/testing/launch-request.ts";
import { readGovernor, readHugePages } from "./host-switches.ts";
import type { HostState, KnobHost, KnobSetting } from "./knob.ts";
import { setKnobs } from "./registry.ts";

function settingOf(knob: string, cell: Cell, host: KnobHost = plainKnobHost): KnobSetting | string {
  const settings = setKnobs(cell, [onPus(2, 3)], host);
  if ("refused" in settings) return settings.refused;
  return settings.find((setting) => setting.knob === knob)?.setting ?? "no such knob";
}

function prove(setting: KnobSetting | string, changes: Partial<HostState>): string | null {
  if (typeof setting === "string") return setting;
  return setting.proof({
    mappedFiles: [],
    placement: onPus(2, 3),
    reportedThreads: 2,
    reported: {},
    stderrHead: "",
    allowedPus: [],
    soloPus: [],
    host: { hugePages: "never", governor: "performance", hugePageBytes: 0, ...changes },
    cgroup: null,
  });
}

const path = "/sys/kernel/mm/transparent_hugepage/enabled";

test("huge pages are set for the host, and proved by its file and by the process's pages", () => {
  const never = settingOf("huge-pages", { thp: "never" });
  expect(never).toMatchObject({ hostChanges: [{ path, value: "never" }] });
  expect(prove(never, {})).toBeNull();
  expect(prove(never, { hugePages: "madvise" })).toContain("are madvise");
  expect(prove(never, { hugePageBytes: 2_097_152 })).toContain("2097152 bytes are in huge pages");
  expect(settingOf("huge-pages", { thp: "host" })).toMatchObject({ hostChanges: [] });
});

test("the governor is set on every PU of the launch", () => {
  const governor = { values: ["performance", "powersave"], problem: null };
  const host = { ...plainKnobHost, governor };
  const setting = settingOf("governor", { governor: "performance" }, host);
  expect(setting).toMatchObject({
    hostChanges: [2, 3].map((pu) => ({
      path: `/sys/devices/system/cpu/cpu${pu}/cpufreq/scaling_governor`,
      value: "performance",
    })),
  });
  expect(prove(setting, {})).toBeNull();
  expect(prove(setting, { governor: null })).toContain("not the same on all PUs");
  expect(settingOf("governor", { governor: "ondemand" }, host)).toBe(
    "this host has no governor ondemand",
  );
  expect(settingOf("governor", { governor: "performance" })).toContain("no frequency governors");
});

function probe(files: Readonly<Record<string, string>>, writable: boolean) {
  return {
    read: (file: string) => Promise.resolve(files[file] ?? null),
    canWrite: () => Promise.resolve(writable),
  };
}

const thp = { [path]: "always [madvise] never\n" };
const size = { "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size": "2097152\n" };

test("huge pages can be set where the file may be written and decides", async () => {
  expect(await readHugePages(probe({ ...thp, ...size }, true))).toEqual({
    values: ["always", "madvise", "never"],
    problem: null,
  });
  expect((await readHugePages(probe({}, true))).problem).toContain("is not there");
  expect((await readHugePages(probe(thp, false))).problem).toContain("may not write");
  const own = "/sys/kernel/mm/transparent_hugepage/hugepages-2048kB/enabled";
  const overridden = { ...thp, ...size, [own]: "always inherit madvise [never]\n" };
  expect((await readHugePages(probe(overridden, true))).problem).toContain("does not follow");
});

test("governors are those that the driver offers", async () => {
  const offered = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_available_governors";
  const files = { [offered]: "performance powersave\n" };
  expect(await readGovernor(probe(files, true))).toEqual({
    values: ["performance", "powersave"],
    problem: null,
  });
  expect((await readGovernor(probe(files, false))).problem).toContain("may not write");
  expect((await readGovernor(probe({}, true))).values).toEqual([]);
});

test("presets of an allocator set its variables, and are refused where it has none of the name", () => {
  const tunables = (allocator: string, allocator_tunables: string) =>
    settingOf(
      "allocator-tunables",
      { allocator, allocator_tunables },
      {
        ...plainKnobHost,
        libraries: { libjemalloc: "/j", libtcmalloc_minimal: "/t", libmimalloc: "/m" },
      },
    );
  expect(tunables("glibc", "retain")).toMatchObject({
    environment: { MALLOC_TRIM_THRESHOLD_: "1073741824" },
  });
  expect(tunables("tcmalloc", "huge-pages")).toBe("tcmalloc has no tunables called huge-pages");
  const jemalloc = tunables("jemalloc", "huge-pages");
  if (typeof jemalloc === "string") throw new Error(jemalloc);
  const confirmed = ["confirm_conf:true", "thp:always", "metadata_thp:always"]
    .map((pair) => `<jemalloc>: -- Set conf value: ${pair}`)
    .join("\n");
  expect(proveWith(jemalloc, confirmed)).toBeNull();
  expect(proveWith(jemalloc, confirmed.replace("thp:always", "thp:no"))).toContain("thp:always");
  const mimalloc = tunables("mimalloc", "retain");
  if (typeof mimalloc === "string") throw new Error(mimalloc);
  expect(proveWith(mimalloc, "mimalloc: option 'allow_decommit': 0")).toBeNull();
  expect(proveWith(mimalloc, "mimalloc: option 'allow_decommit': 1")).toContain("confirmed none");
});

function proveWith(setting: KnobSetting, stderrHead: string): string | null {
  return setting.proof({
    mappedFiles: [],
    placement: onPus(0),
    reportedThreads: 1,
    reported: {},
    stderrHead,
    allowedPus: [],
    soloPus: [],
    host: { hugePages: null, governor: null, hugePageBytes: null },
    cgroup: null,
  });
}
