import { type Collector, sumReadings, toNumber } from "./collector.ts";

const names = ["core_throttles", "package_throttles"];

/** Thermal throttling events of the launch's PUs; counts, for the times start only near the limit. */
export const throttleCounters: Collector = {
  name: "throttle",
  async read(files, { pus }) {
    const rows = await Promise.all(
      pus.map(async (pu) => {
        const directory = `/sys/devices/system/cpu/cpu${pu}/thermal_throttle`;
        return {
          core_throttles: toNumber(await files.read(`${directory}/core_throttle_count`)),
          package_throttles: toNumber(await files.read(`${directory}/package_throttle_count`)),
        };
      }),
    );
    return sumReadings(names, rows);
  },
};
