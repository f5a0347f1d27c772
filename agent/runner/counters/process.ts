import { type Collector, type Readings, sumReadings, toNumber } from "./collector.ts";

/** USER_HZ: the unit of times in /proc, 100 on every x86 kernel whatever its own tick. */
export const ticksPerSecond = 100;

const names = ["cpu_seconds", "minor_faults", "major_faults"];

/** CPU time and page faults of the instances, with the threads that have ended. */
export const processCounters: Collector = {
  name: "process",
  async read(files, { pids }) {
    const texts = await Promise.all(pids.map((pid) => files.read(`/proc/${pid}/stat`)));
    return sumReadings(names, texts.map(parseProcessStat));
  },
};

/** Parses /proc/PID/stat; the program's name may hold blanks and brackets. See proc(5). */
function parseProcessStat(text: string | null): Readings {
  if (text === null) return {};
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number | null => toNumber(fields[number - 3]);
  const [user, system] = [field(14), field(15)];
  return {
    minor_faults: field(10),
    major_faults: field(12),
    cpu_seconds: user === null || system === null ? null : (user + system) / ticksPerSecond,
  };
}
