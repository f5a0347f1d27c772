import type { HostFiles } from "../launch-system.ts";
import { type Collector, toNumber } from "./collector.ts";

/** Frequency of the launch's PUs; on Intel the kernel derives it from APERF and MPERF. */
export const frequencyLevel: Collector = {
  name: "frequency",
  kind: "level",
  async read(files, { pus }) {
    const values = await readAll(
      files,
      pus.map((pu) => `/sys/devices/system/cpu/cpu${pu}/cpufreq/scaling_cur_freq`),
    );
    return {
      frequency_khz_min: values === null ? null : Math.min(...values),
      frequency_khz_max: values === null ? null : Math.max(...values),
    };
  },
};

/** The hottest package. */
export const temperatureLevel: Collector = {
  name: "temperature",
  kind: "level",
  async read(files) {
    const root = "/sys/class/thermal";
    const zones = (await files.list(root)).filter((zone) => zone.startsWith("thermal_zone"));
    const packages: string[] = [];
    for (const zone of zones) {
      const type = await files.read(`${root}/${zone}/type`);
      if (type?.trim() === "x86_pkg_temp") packages.push(`${root}/${zone}/temp`);
    }
    const values = await readAll(files, packages);
    return { package_temperature_c: values === null ? null : Math.max(...values) / 1_000 };
  },
};

/** All values, or null where one is absent or there are none. */
async function readAll(
  files: HostFiles,
  paths: readonly string[],
): Promise<readonly number[] | null> {
  const values = await Promise.all(paths.map(async (path) => toNumber(await files.read(path))));
  const known = values.filter((value) => value !== null);
  return known.length === paths.length && known.length > 0 ? known : null;
}
