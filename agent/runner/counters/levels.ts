import type { WatchedFiles } from "../launch-files.ts";
import { type HeldLevel, type Level, toNumber } from "./collector.ts";

/** Frequency of the launch's PUs; on Intel the kernel derives it from APERF and MPERF. */
export const frequencyLevel: Level = {
  name: "frequency",
  async hold(files, { pus }) {
    const paths = pus.map((pu) => `/sys/devices/system/cpu/cpu${pu}/cpufreq/scaling_cur_freq`);
    return await holdAll(files, paths, (values) => ({
      frequency_khz_min: values === null ? null : Math.min(...values),
      frequency_khz_max: values === null ? null : Math.max(...values),
    }));
  },
};

/** The hottest package. */
export const temperatureLevel: Level = {
  name: "temperature",
  async hold(files) {
    const root = "/sys/class/thermal";
    const zones = (await files.list(root)).filter((zone) => zone.startsWith("thermal_zone"));
    const packages: string[] = [];
    for (const zone of zones) {
      const type = await files.read(`${root}/${zone}/type`);
      if (type?.trim() === "x86_pkg_temp") packages.push(`${root}/${zone}/temp`);
    }
    return await holdAll(files, packages, (values) => ({
      package_temperature_c: values === null ? null : Math.max(...values) / 1_000,
    }));
  },
};

/** Of all values, or of null where one is absent or there are none. */
async function holdAll(
  files: WatchedFiles,
  paths: readonly string[],
  toReadings: (values: readonly number[] | null) => ReturnType<HeldLevel["read"]>,
): Promise<HeldLevel> {
  const held = (await Promise.all(paths.map((path) => files.hold(path)))).filter(
    (file) => file !== null,
  );
  const isThere = held.length === paths.length && held.length > 0;
  return {
    isThere,
    read: () => {
      if (!isThere) return toReadings(null);
      const values = held.map((file) => toNumber(file.text())).filter((value) => value !== null);
      return toReadings(values.length === paths.length ? values : null);
    },
    close: () => {
      for (const file of held) file.close();
    },
  };
}
