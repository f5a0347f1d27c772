import type { HostFiles } from "../launch-files.ts";
import { type Collector, type Readings, sumReadings, toNumber } from "./collector.ts";

/**
 * RAPL energy of the host's packages, with everything that runs on them. Only root may read it on
 * current kernels; absent means unknown, not zero. A zone's counter starts anew from 0 after
 * `max_energy_range_uj`: some 262 kJ, or 20 minutes at 200 W, so at most once in a window.
 * Documentation/power/powercap/powercap.rst
 */
export const energyCounters: Collector = {
  name: "energy",
  async read(files) {
    const zones = (await files.list("/sys/class/powercap")).filter((zone) =>
      /^intel-rapl:\d+$/.test(zone),
    );
    return Object.assign({}, ...(await Promise.all(zones.map((zone) => readZone(files, zone)))));
  },
  between(before, after) {
    const zones = Object.keys(after).filter((name) => name.startsWith(counter));
    const rows = zones.map((name) => ({
      package_energy_joules: rise(name.slice(counter.length), before, after),
    }));
    return sumReadings(["package_energy_joules"], rows);
  },
};

const counter = "energy:uj:";
const range = "energy:range:";

async function readZone(files: HostFiles, zone: string): Promise<Readings> {
  const directory = `/sys/class/powercap/${zone}`;
  return {
    [`${counter}${zone}`]: toNumber(await files.read(`${directory}/energy_uj`)),
    [`${range}${zone}`]: toNumber(await files.read(`${directory}/max_energy_range_uj`)),
  };
}

/** In joules; null where a reading is missing, or where it fell and nothing says from which height. */
function rise(zone: string, before: Readings, after: Readings): number | null {
  const [earlier, later] = [
    before[`${counter}${zone}`] ?? null,
    after[`${counter}${zone}`] ?? null,
  ];
  if (earlier === null || later === null) return null;
  if (later >= earlier) return (later - earlier) / 1e6;
  const height = after[`${range}${zone}`] ?? null;
  return height === null ? null : (later + height - earlier) / 1e6;
}
