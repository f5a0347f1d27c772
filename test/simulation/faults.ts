import type { World } from "./world.ts";

/** One kind of misfortune: what it does to the world, once. */
export interface Fault {
  readonly name: string;
  readonly strike: (world: World) => void;
}

/** Everything that may go wrong. A run draws its own few of them, so that each also comes unmixed. */
export const faults: readonly Fault[] = [
  {
    name: "coordinator-killed",
    strike: ({ chance, coordinators }) => chance.pick(coordinators).kill("kill -9"),
  },
  {
    name: "agent-killed",
    strike: ({ chance, agents }) => chance.pick(agents).kill("kill -9"),
  },
  {
    name: "host-without-power",
    strike: (world) => {
      const hit = world.chance.pick(world.agents).place.hostId;
      for (const agent of world.agents) {
        if (agent.place.hostId === hit) agent.kill("the power fails", { power: true });
      }
    },
  },
  {
    name: "program-stopped",
    strike: ({ chance, coordinators, agents, scheduler, trace }) => {
      const { process } = chance.pick([...coordinators, ...agents]);
      const forMs = chance.between(500, 60_000);
      trace.note(process.name, `is stopped for ${Math.round(forMs)} ms`);
      process.stop();
      scheduler.after(forMs, () => process.resume());
    },
  },
  {
    name: "cut-one-way",
    strike: (world) => cut(world, false),
  },
  {
    name: "cut-both-ways",
    strike: (world) => cut(world, true),
  },
  {
    name: "streams-broken",
    strike: (world) => {
      world.trace.note("network", "all streams break");
      world.breakStreams();
    },
  },
  {
    name: "log-restarted",
    strike: ({ chance, bus, trace }) => {
      trace.note("nats", "restarts");
      bus.server.restart(chance.between(100, 15_000), { power: false, forget: chance.odds(0.5) });
    },
  },
  {
    name: "log-without-power",
    strike: ({ chance, bus, trace }) => {
      const before = bus.server.lastSeq;
      bus.server.restart(chance.between(100, 15_000), { power: true, forget: chance.odds(0.5) });
      trace.note("nats", `loses power: ${before} entries become ${bus.server.lastSeq}`);
    },
  },
  {
    name: "log-made-anew",
    strike: ({ chance, bus, trace }) => {
      if (!chance.odds(0.2)) return;
      trace.note("nats", `is deleted with ${bus.server.lastSeq} entries and made anew`);
      bus.server.recreate(chance.between(100, 5_000));
    },
  },
  {
    name: "disk-full",
    strike: ({ chance, agents, scheduler, trace }) => {
      const { place } = chance.pick(agents);
      trace.note(place.name, "its disk is full");
      place.disk.full = true;
      scheduler.after(chance.between(500, 40_000), () => {
        place.disk.full = false;
      });
    },
  },
  {
    name: "disk-failing",
    strike: ({ chance, agents, scheduler, trace }) => {
      const { place } = chance.pick(agents);
      trace.note(place.name, "its disk fails to sync");
      place.disk.failing = true;
      scheduler.after(chance.between(200, 4_000), () => {
        place.disk.failing = false;
      });
    },
  },
  {
    name: "projection-deleted",
    strike: ({ chance, coordinators }) => {
      const coordinator = chance.pick(coordinators);
      coordinator.kill("its projection is deleted");
      coordinator.store.wipe();
    },
  },
  {
    name: "grant-revoked",
    strike: ({ operator }) => operator.revokeOne(),
  },
  {
    name: "grant-repeated",
    strike: ({ operator }) => operator.repeatGrant(),
  },
  {
    name: "coordinator-behind",
    strike: ({ operator }) => operator.decideFromBehind(),
  },
  {
    name: "host-cordoned",
    strike: ({ operator }) => operator.cordonOne(),
  },
  {
    name: "sweep-cancelled",
    strike: ({ chance, operator }) => {
      if (chance.odds(0.3)) operator.cancelOne();
    },
  },
];

function cut({ chance, network, scheduler, trace, hosts }: World, both: boolean): void {
  const from = chance.pick(hosts);
  const to = chance.pick(hosts.filter((host) => host !== from));
  const forMs = chance.between(500, 90_000);
  trace.note("network", `${from} ${both ? "<->" : "->"} ${to} is cut for ${Math.round(forMs)} ms`);
  network.cut(from, to);
  if (both) network.cut(to, from);
  scheduler.after(forMs, () => {
    network.heal(from, to);
    if (both) network.heal(to, from);
  });
}
