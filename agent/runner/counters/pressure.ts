import { type Collector, type Readings, toNumber } from "./collector.ts";

const resources = ["cpu", "memory", "io"];

/** Pressure stall totals of the host: the time in which some thread waited for the resource. */
export const pressureCounters: Collector = {
  name: "pressure",
  async read(files) {
    const readings = await Promise.all(
      resources.map(async (resource): Promise<Readings> => {
        const text = await files.read(`/proc/pressure/${resource}`);
        const totalUs = toNumber(/^some .*total=(\d+)$/m.exec(text ?? "")?.[1]);
        return { [`${resource}_pressure_seconds`]: totalUs === null ? null : totalUs / 1e6 };
      }),
    );
    return Object.assign({}, ...readings) as Readings;
  },
};
