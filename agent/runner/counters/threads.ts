import { type Collector, type Readings, sumReadings, toNumber } from "./collector.ts";

const names = ["voluntary_switches", "involuntary_switches", "run_delay_seconds", "migrations"];

/**
 * Context switches and migrations between PUs of the instances' threads, and the time that they were
 * ready but waited for a PU: the most direct sign of a neighbour.
 */
export const threadCounters: Collector = {
  name: "threads",
  async read(files, { pids }) {
    const directories = await Promise.all(
      pids.map(async (pid) => {
        const threads = await files.list(`/proc/${pid}/task`);
        return threads.map((thread) => `/proc/${pid}/task/${thread}`);
      }),
    );
    const rows = await Promise.all(
      directories.flat().map(async (directory) => ({
        ...parseSwitches(await files.read(`${directory}/status`)),
        ...parseRunDelay(await files.read(`${directory}/schedstat`)),
        ...parseMigrations(await files.read(`${directory}/sched`)),
      })),
    );
    return sumReadings(names, rows);
  },
};

function parseSwitches(status: string | null): Readings {
  const find = (name: string): number | null =>
    toNumber(new RegExp(`^${name}:\\s*(\\d+)$`, "m").exec(status ?? "")?.[1]);
  return {
    voluntary_switches: find("voluntary_ctxt_switches"),
    involuntary_switches: find("nonvoluntary_ctxt_switches"),
  };
}

/** The second field is in ns: Documentation/scheduler/sched-stats.rst. */
function parseRunDelay(schedstat: string | null): Readings {
  const delayNs = toNumber(schedstat?.split(" ")[1]);
  return { run_delay_seconds: delayNs === null ? null : delayNs / 1e9 };
}

/** Kernels without scheduler debugging have no such file. */
function parseMigrations(sched: string | null): Readings {
  const match = /^se\.nr_migrations\s*:\s*(\d+)$/m.exec(sched ?? "");
  return { migrations: toNumber(match?.[1]) };
}
