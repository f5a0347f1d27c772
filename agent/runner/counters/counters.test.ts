import { expect, test } from "vitest";
import { fakeHostFiles } from "../../../shared/testing/host-files.ts";
import { subtractReadings } from "./collector.ts";
import { holdLevels, readCounters, subtractTotals } from "./registry.ts";

/** One process with two threads on PUs 2 and 3 of a host that shows everything. */
const host = fakeHostFiles({
  "/proc/41/stat":
    "41 (a (b) c) S 1 41 41 0 -1 4194304 123 0 7 0 250 50 0 0 20 0 2 0 99 1000 50 1844",
  "/proc/41/task/41/status":
    "Name:\tx\nvoluntary_ctxt_switches:\t5\nnonvoluntary_ctxt_switches:\t2\n",
  "/proc/41/task/41/schedstat": "4000000000 1500000000 9\n",
  "/proc/41/task/41/sched": "x (41, #threads: 2)\nse.nr_migrations          :    4\n",
  "/proc/41/task/42/sched": "x (42, #threads: 2)\nse.nr_migrations          :    1\n",
  "/proc/41/task/42/status":
    "Name:\tx\nvoluntary_ctxt_switches:\t1\nnonvoluntary_ctxt_switches:\t1\n",
  "/proc/41/task/42/schedstat": "1000000 500000000 3\n",
  "/proc/stat":
    "cpu  9 9 9 9 9 9 9 9 0 0\ncpu2 100 0 20 400 30 4 6 10 0 0\ncpu3 1 0 1 600 0 0 0 0 0 0\nintr 5\n",
  "/proc/pressure/cpu":
    "some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0 total=1\n",
  "/proc/vmstat": "nr_free_pages 5\npswpin 1\npswpout 2\noom_kill 3\n",
  "/sys/devices/system/cpu/cpu2/thermal_throttle/core_throttle_count": "4\n",
  "/sys/devices/system/cpu/cpu2/thermal_throttle/package_throttle_count": "1\n",
  "/sys/devices/system/cpu/cpu3/thermal_throttle/core_throttle_count": "2\n",
  "/sys/devices/system/cpu/cpu3/thermal_throttle/package_throttle_count": "1\n",
  "/sys/class/powercap/intel-rapl:0/energy_uj": "5000000\n",
  "/sys/class/powercap/intel-rapl:1/energy_uj": "2500000\n",
  "/sys/class/powercap/intel-rapl:0:0/energy_uj": "900000000\n",
  "/sys/devices/system/cpu/cpu2/cpufreq/scaling_cur_freq": "2000000\n",
  "/sys/devices/system/cpu/cpu3/cpufreq/scaling_cur_freq": "2400000\n",
  "/sys/class/thermal/thermal_zone0/type": "acpitz\n",
  "/sys/class/thermal/thermal_zone0/temp": "99000\n",
  "/sys/class/thermal/thermal_zone1/type": "x86_pkg_temp\n",
  "/sys/class/thermal/thermal_zone1/temp": "61000\n",
});
const scope = { pids: [41], pus: [2, 3] };

test("totals are summed over the instances' processes and threads and the launch's PUs", async () => {
  expect(await readCounters(host, scope)).toEqual({
    cpu_seconds: 3,
    minor_faults: 123,
    major_faults: 7,
    voluntary_switches: 6,
    involuntary_switches: 3,
    run_delay_seconds: 2,
    migrations: 5,
    idle_seconds: 10.3,
    steal_seconds: 0.1,
    interrupt_seconds: 0.1,
    cpu_pressure_seconds: 2.5,
    memory_pressure_seconds: null,
    io_pressure_seconds: null,
    swap_in_pages: 1,
    swap_out_pages: 2,
    numa_migrated_pages: null,
    thp_fallbacks: null,
    compaction_stalls: null,
    oom_kills: 3,
    core_throttles: 6,
    package_throttles: 2,
    "energy:uj:intel-rapl:0": 5_000_000,
    "energy:uj:intel-rapl:1": 2_500_000,
    "energy:range:intel-rapl:0": null,
    "energy:range:intel-rapl:1": null,
  });
});

test("levels are the extremes over the launch's PUs and packages", async () => {
  const levels = await holdLevels(host, scope);
  expect(levels.isThere).toBe(true);
  expect(levels.read()).toEqual({
    frequency_khz_min: 2_000_000,
    frequency_khz_max: 2_400_000,
    package_temperature_c: 61,
  });
});

test("a host that shows nothing gives null everywhere, never zero", async () => {
  const nothing = fakeHostFiles({});
  const levels = await holdLevels(nothing, scope);
  expect(levels.isThere).toBe(false);
  for (const readings of [await readCounters(nothing, scope), levels.read()]) {
    expect(new Set(Object.values(readings))).toEqual(new Set([null]));
  }
});

test("a part of a sum is no sum: one PU without a counter makes it unknown", async () => {
  const readings = await readCounters(host, { pids: [41, 77], pus: [2, 9] });
  expect(readings["cpu_seconds"]).toBeNull();
  expect(readings["core_throttles"]).toBeNull();
  expect(readings["idle_seconds"]).toBeNull();
});

test("of a counter that fell and says no range the difference is unknown", () => {
  const before = { a: 5, b: 5, c: null, d: 1 };
  expect(subtractReadings({ a: 7, b: 4, c: 3, d: null }, before)).toEqual({
    a: 2,
    b: null,
    c: null,
    d: null,
  });
});

const zone = (name: string, energyUj: number, rangeUj: number | null) => ({
  [`/sys/class/powercap/${name}/energy_uj`]: `${energyUj}\n`,
  ...(rangeUj === null
    ? {}
    : { [`/sys/class/powercap/${name}/max_energy_range_uj`]: `${rangeUj}\n` }),
});

test.each([
  { what: "rose", uj: [1_000_000, 4_000_000], rangeUj: 262_143_328_850, joules: 3 },
  { what: "started anew", uj: [262_143_000_000, 671_150], rangeUj: 262_143_328_850, joules: 1 },
  { what: "fell from nobody knows where", uj: [5_000_000, 4_000_000], rangeUj: null, joules: null },
])("the energy of packages of which one $what", async ({ uj, rangeUj, joules }) => {
  const [first = 0, second = 0] = uj;
  const read = async (energyUj: number, other: number) =>
    await readCounters(
      fakeHostFiles({
        ...zone("intel-rapl:0", energyUj, rangeUj),
        ...zone("intel-rapl:1", other, 262_143_328_850),
        ...zone("intel-rapl:0:0", 9_000_000, 1),
      }),
      scope,
    );
  const rose = subtractTotals(await read(second, 2_500_000), await read(first, 2_000_000));
  const found = rose["package_energy_joules"] ?? null;
  if (joules === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(joules + 0.5, 9);
  expect(Object.keys(rose).filter((name) => name.includes(":"))).toEqual([]);
});

test("a host without energy counters has no energy, rather than none used", () => {
  expect(subtractTotals({ oom_kills: 1 }, { oom_kills: 1 })).toEqual({
    oom_kills: 0,
    package_energy_joules: null,
  });
});
