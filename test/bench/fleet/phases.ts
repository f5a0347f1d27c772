import { type Child, cost } from "./child-program.ts";

/** A phase that takes longer than this is given up, and the last line says how far it was. */
const phaseTimeoutMs = 10 * 60_000;
const tellMs = 5_000;

export interface Phases {
  /** Does the work of a phase and tells on stderr how it goes. @throws Error where it takes too long. */
  run<Value>(name: string, work: () => Promise<Value>): Promise<Value>;
}

/** What goes on in a run of the bench: the phase, what the agents did, and what the coordinator takes. */
export function tellPhases(coordinator: Child, crowd: () => readonly Child[]): Phases {
  return {
    async run(name, work) {
      const startMs = performance.now();
      let before = { cpuMs: (await cost(coordinator.child)).cpuMs, atMs: startMs };
      const tell = async (): Promise<void> => {
        const atMs = performance.now();
        const { rssBytes, cpuMs } = await cost(coordinator.child);
        const share = (cpuMs - before.cpuMs) / (atMs - before.atMs);
        before = { cpuMs, atMs };
        const seconds = ((atMs - startMs) / 1_000).toFixed(1);
        const takes = `coordinator ${(rssBytes / 1_024 ** 2).toFixed(0)} MiB, ${share.toFixed(2)} cores`;
        process.stderr.write(`${name}, ${seconds} s: ${takes}${describe(crowd())}\n`);
      };
      const timer = setInterval(() => {
        // A coordinator that has just ended fails the phase itself.
        tell().catch(() => {});
      }, tellMs);
      try {
        return await Promise.race([work(), tooLong(name)]);
      } finally {
        clearInterval(timer);
        await tell().catch(() => {});
      }
    },
  };
}

async function tooLong(name: string): Promise<never> {
  return await new Promise((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`${name} was not over after ${phaseTimeoutMs / 60_000} minutes`));
    }, phaseTimeoutMs).unref();
  });
}

const counted = ["welcomed", "redials", "heartbeats", "published"] as const;

function describe(crowd: readonly Child[]): string {
  const sum = (key: string): number =>
    crowd.reduce((total, child) => total + Number(child.latest(key) ?? 0), 0);
  const losses = crowd.map((child) => child.latest("lastLoss"));
  const loss = losses.find((text) => typeof text === "string" && text !== "");
  const figures = counted.map((key) => `, ${sum(key)} ${key}`).join("");
  return `${figures}${typeof loss === "string" ? `; last loss: ${loss}` : ""}`;
}
