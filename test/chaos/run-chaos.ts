import { setTimeout as wait } from "node:timers/promises";
import { Chance } from "../simulation/chance.ts";
import { startChaosFleet } from "./chaos-fleet.ts";
import type { Judged } from "./judge.ts";
import { torment } from "./nemesis.ts";
import { submit, submitUntilTaken, untilEnded } from "./sweeps.ts";

export interface ChaosOptions {
  readonly directory: string;
  readonly seed: number;
  readonly forMs: number;
  readonly hosts: number;
  readonly natsServers: number;
  /** How long everything that was submitted may take to end once the faults have stopped. */
  readonly calmMs: number;
  readonly note: (what: string) => void;
}

export interface ChaosReport extends Judged {
  readonly struck: ReadonlyMap<string, number>;
  readonly starts: ReadonlyMap<string, number>;
}

/** Faults for a while with work under way all the time, then calm, then the reckoning. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { directory, note, hosts, natsServers } = options;
  const fleet = await startChaosFleet({ directory, hosts, natsServers, coordinators: 2 });
  try {
    await submitUntilTaken(fleet, directory, 60_000);
    const tormenting = torment(fleet, new Chance(options.seed), options);
    let over = false;
    const submitting = (async () => {
      for (let n = 2; !over; n += 1) {
        await wait(5_000);
        await submit(fleet, directory, n).catch((error: unknown) =>
          note(`submission ${n} failed: ${String(error).split("\n")[1] ?? ""}`),
        );
      }
    })();
    const struck = await tormenting;
    over = true;
    await submitting;
    note("faults stop");
    const judged = await untilEnded(fleet, options.calmMs);
    const agents = fleet.hosts.map(({ agent }) => agent);
    const programs = [...fleet.bus.servers, ...fleet.coordinators, ...agents];
    const starts = new Map(programs.map(({ name, starts: count }) => [name, count]));
    return { ...judged, struck, starts };
  } finally {
    await fleet.stop();
  }
}
