import { expect, test } from "vitest";
import { usableCores } from "../shared/domain/host-cores.ts";
import { describeTurbo } from "../shared/domain/topology-picture-state.ts";
import { cpuRoot, read } from "./support/planned-host.ts";

test("a version 1 cpuset limits the process, and its ancestor where it cannot be seen", async () => {
  const base = {
    "proc/mounts": "cgroup /dev/set cgroup rw,cpuset,noprefix 0 0\n",
    "proc/self/cgroup": "4:memory:/\n3:cpu,cpuset:/jobs/b\n",
    "dev/set/jobs/cpus": "2-3,99\n",
    "dev/set/jobs/mems": "1\n",
  };
  const outer = await read(base);
  expect([outer.cpus.allowed, outer.cpus.allowedNodes]).toEqual(["2-3", "1"]);
  const inner = await read({ ...base, "dev/set/jobs/b/cpus": "3\n" });
  expect(inner.cpus.allowed).toBe("3");
});

test("the affinity mask narrows the cpuset, but leaves isolated CPUs that the cpuset has", async () => {
  const { cpus } = await read({
    [`${cpuRoot}/isolated`]: "3,7\n",
    "sys/fs/cgroup/cpuset.cpus.effective": "0-7\n",
    "proc/self/status": "Cpus_allowed_list:\t0-1,4\nMems_allowed_list:\t0-63\n",
  });
  expect(cpus.allowed).toBe("0-1,3-4,7");
  expect(cpus.allowedNodes).toBe("0-1");
});

test("one core on another governor shows, and a policy speaks for CPUs without a directory", async () => {
  const { system } = await read({
    [`${cpuRoot}/cpu0/cpufreq/scaling_governor`]: "performance\n",
    [`${cpuRoot}/cpu4/cpufreq/scaling_governor`]: "powersave\n",
    [`${cpuRoot}/cpu1/cpufreq/scaling_governor`]: "",
    [`${cpuRoot}/cpufreq/policy2/affected_cpus`]: "2 3\n",
    [`${cpuRoot}/cpufreq/policy3/affected_cpus`]: "2-3\n",
    [`${cpuRoot}/cpufreq/policy3/scaling_governor`]: "performance\n",
  });
  expect(system.scalingGovernor).toEqual({ performance: "0,2-3", powersave: "4" });
});

test("a policy without a list of online CPUs speaks for its related ones, else for its own", async () => {
  const { system } = await read({
    [`${cpuRoot}/cpufreq/policy0/related_cpus`]: "0 1 4\n",
    [`${cpuRoot}/cpufreq/policy0/scaling_driver`]: "acpi-cpufreq\n",
    [`${cpuRoot}/cpufreq/policy7/scaling_driver`]: "other\n",
  });
  expect(system.scalingDriver).toEqual({ "acpi-cpufreq": "0-1,4", other: "7" });
});

test("boost of single policies is read, and tells turbo where the host has no switch", async () => {
  const turbo = async (...boosts: readonly string[]): Promise<string> => {
    const files = boosts.map((text, pu) => [`${cpuRoot}/cpu${pu}/cpufreq/boost`, `${text}\n`]);
    return describeTurbo((await read(Object.fromEntries(files))).system);
  };
  expect(await turbo()).toBe("unknown");
  expect(await turbo("1", "1")).toBe("on");
  expect(await turbo("0", "0")).toBe("off");
  expect(await turbo("1", "0")).toBe("on some CPUs only");
});

test("the kinds of cores say all that is known of them, and a placement leaves the slow kind out", async () => {
  const topology = await read({
    "sys/devices/cpu_core/cpus": "0-1,4-5\n",
    "sys/devices/cpu_atom/cpus": "2-3,6-7\n",
    [`${cpuRoot}/cpu0/cpufreq/cpuinfo_max_freq`]: "5200000\n",
    [`${cpuRoot}/cpu1/cpufreq/cpuinfo_max_freq`]: "5000000\n",
    [`${cpuRoot}/cpu2/cpufreq/base_frequency`]: "1400000\n",
  });
  expect(topology.hybridKinds).toEqual([
    { cpus: "0-1,4-5", infos: { CoreType: "IntelCore", FrequencyMaxMHz: "5000" } },
    { cpus: "2-3,6-7", infos: { CoreType: "IntelAtom", FrequencyBaseMHz: "1400" } },
  ]);
  const cores = usableCores(topology);
  expect("refused" in cores ? cores : cores.packages.map((set) => set.cores.length)).toEqual([2]);
});

test("cores of little capacity are another kind, and a placement leaves them out", async () => {
  const capacities = [1024, 1024, 400, 400, 1024, 1024, 400, 400];
  const topology = await read(
    Object.fromEntries(
      capacities.map((capacity, pu) => [`${cpuRoot}/cpu${pu}/cpu_capacity`, `${capacity}\n`]),
    ),
  );
  const cores = usableCores(topology);
  expect("refused" in cores ? cores : cores.packages.map((set) => set.cores.length)).toEqual([2]);
});

test("the tightest CPU and memory limit among a cgroup and its ancestors holds", async () => {
  const { system } = await read({
    "proc/self/cgroup": "0::/jobs/a\n",
    "sys/fs/cgroup/jobs/cpu.max": "150000 100000\n",
    "sys/fs/cgroup/jobs/a/cpu.max": "max 100000\n",
    "sys/fs/cgroup/jobs/a/memory.max": "1073741824\n",
    "sys/fs/cgroup/jobs/memory.max": "max\n",
  });
  expect([system.cgroupCpuQuota, system.cgroupMemoryBytes]).toEqual([1.5, 2 ** 30]);
  const legacy = await read({
    "proc/mounts": "c /cg/cpu cgroup rw,cpu,cpuacct 0 0\nm /cg/mem cgroup rw,memory 0 0\n",
    "proc/self/cgroup": "4:memory:/b\n3:cpu,cpuacct:/b\n",
    "cg/cpu/b/cpu.cfs_quota_us": "400000\n",
    "cg/cpu/b/cpu.cfs_period_us": "100000\n",
    "cg/cpu/cpu.cfs_quota_us": "-1\n",
    "cg/mem/b/memory.limit_in_bytes": "9223372036854771712\n",
  });
  expect([legacy.system.cgroupCpuQuota, legacy.system.cgroupMemoryBytes]).toEqual([4, null]);
});

test("every word of the AVX and AMX families that kernels write is a flag", async () => {
  const words =
    "avx512_vp2intersect avx512_bitalg avx512er avx_vnni_int16 amx_complex avx_ne_convert";
  const { flags } = await read({
    "proc/cpuinfo": `processor : 0\nvendor_id : GenuineIntel\ncpu family : 6\nflags : ${words}\n`,
  });
  expect(words.split(" ").filter((word) => flags?.[word] !== true)).toEqual([]);
  expect(flags?.["avx512_4vnniw"]).toBe(false);
});

test("a CPU without a flag that the others have takes it from the host, with a warning", async () => {
  const block = (pu: number, flags: string): string =>
    `processor\t: ${pu}\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nflags\t\t: ${flags}\n\n`;
  const { flags, warnings } = await read({
    "proc/cpuinfo": block(0, "avx2 amx_tile") + block(1, "avx2"),
  });
  expect([flags?.["avx2"], flags?.["amx_tile"], flags?.["avx512f"]]).toEqual([true, false, false]);
  expect(warnings.join("\n")).toContain("flags differs between CPUs: amx_tile on CPUs 0");
});

test("a flag that the end of the text cuts in half is no flag", async () => {
  const { flags } = await read({
    "proc/cpuinfo":
      "processor : 0\nvendor_id : GenuineIntel\ncpu family : 6\nflags : fma avx512_vnni avx",
  });
  expect([flags?.["avx512_vnni"], flags?.["avx"]]).toEqual([true, false]);
});
