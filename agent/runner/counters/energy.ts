import type { HostFiles } from "../launch-system.ts";
import { type Collector, type Readings, sumReadings, toNumber } from "./collector.ts";

/**
 * RAPL energy of the host's packages, with everything that runs on them. Only root may read it on
 * current kernels; absent means unknown, not zero.
 */
export const energyCounters: Collector = {
  name: "energy",
  kind: "total",
  async read(files) {
    const zones = (await files.list("/sys/class/powercap")).filter((zone) =>
      /^intel-rapl:\d+$/.test(zone),
    );
    const rows = await Promise.all(zones.map((zone) => readZone(files, zone)));
    return sumReadings(["package_energy_joules"], rows);
  },
};

async function readZone(files: HostFiles, zone: string): Promise<Readings> {
  const directory = `/sys/class/powercap/${zone}`;
  const microjoules = toNumber(await files.read(`${directory}/energy_uj`));
  return { package_energy_joules: microjoules === null ? null : microjoules / 1e6 };
}
