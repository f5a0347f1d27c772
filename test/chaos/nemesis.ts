import { execFileSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Chance } from "../simulation/chance.ts";
import type { ChaosFleet, ChaosHost } from "./chaos-fleet.ts";

/** One misfortune of a fleet of real programs; resolves when it is over. */
interface Misfortune {
  readonly name: string;
  readonly strike: (fleet: ChaosFleet, chance: Chance) => Promise<void>;
}

const misfortunes: readonly Misfortune[] = [
  {
    name: "kill -9 of a coordinator",
    strike: async ({ coordinators }, chance) => chance.pick(coordinators).signal("SIGKILL"),
  },
  {
    name: "kill -9 of an agent",
    strike: async ({ hosts }, chance) => chance.pick(hosts).agent.signal("SIGKILL"),
  },
  {
    name: "kill -9 of nats-server",
    strike: async ({ bus }, chance) => chance.pick(bus.servers).signal("SIGKILL"),
  },
  {
    name: "SIGSTOP of a program for a while",
    strike: async ({ coordinators, hosts, bus }, chance) => {
      const agents = hosts.map(({ agent }) => agent);
      const program = chance.pick([...coordinators, ...agents, ...bus.servers]);
      program.signal("SIGSTOP");
      await wait(chance.between(500, 8_000));
      program.signal("SIGCONT");
    },
  },
  {
    name: "cut of an agent's connections",
    strike: async ({ hosts }, chance) => {
      const { toCoordinator, toNats } = chance.pick(hosts);
      const ways = chance.pick([[toCoordinator], [toNats], [toCoordinator, toNats]]);
      for (const way of ways) way.cut();
      await wait(chance.between(200, 8_000));
      for (const way of ways) way.heal();
    },
  },
  {
    name: "silence on an agent's connections",
    strike: async ({ hosts }, chance) => {
      const { toCoordinator, toNats } = chance.pick(hosts);
      const way = chance.pick([toCoordinator, toNats]);
      way.silence();
      await wait(chance.between(1_000, 15_000));
      way.heal();
    },
  },
  {
    name: "full disk of an agent",
    strike: async ({ hosts }, chance) => {
      const host = chance.pick(hosts);
      if (!host.hasOwnDisk) return;
      fillDisk(host);
      await wait(chance.between(1_000, 6_000));
      await emptyDisk(host);
    },
  },
];

/** Strikes in the order that the seed says, until the time is over; then everything is whole again. */
export async function torment(
  fleet: ChaosFleet,
  chance: Chance,
  { forMs, note }: { forMs: number; note: (what: string) => void },
): Promise<ReadonlyMap<string, number>> {
  const endMs = performance.now() + forMs;
  const counts = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  while (performance.now() < endMs) {
    const { name, strike } = chance.pick(misfortunes);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    note(name);
    const striking = strike(fleet, chance).finally(() => underWay.delete(striking));
    underWay.add(striking);
    await wait(chance.between(200, 3_000));
  }
  await Promise.all(underWay);
  for (const { toCoordinator, toNats } of fleet.hosts) {
    toCoordinator.heal();
    toNats.heal();
  }
  for (const host of fleet.hosts) await emptyDisk(host);
  return counts;
}

const filler = (host: ChaosHost): string => join(host.state, "filler");

function fillDisk(host: ChaosHost): void {
  try {
    execFileSync("dd", ["if=/dev/zero", `of=${filler(host)}`, "bs=64k"], { stdio: "ignore" });
  } catch {
    // It ends when the disk is full: that is what it is for.
  }
}

async function emptyDisk(host: ChaosHost): Promise<void> {
  if (host.hasOwnDisk) await rm(filler(host), { force: true });
}
