import fc from "fast-check";
import { expect, test } from "vitest";
import { openSpool } from "../agent/link/spool.ts";
import { result } from "../shared/testing/log-events.ts";
import { measured } from "../shared/testing/outcomes.ts";
import { Chance } from "./simulation/chance.ts";
import { Scheduler } from "./simulation/scheduler.ts";
import { SimDisk } from "./simulation/sim-disk.ts";
import { SimProcess } from "./simulation/sim-process.ts";

const directory = "/spool";

function attempt(attemptId: string) {
  return result({ attemptId, outcome: measured() }).result;
}

test("what a spool held when it was opened survives a loss of power, whoever died while writing it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 0, max: 150 }), async (seed, deathTenths) => {
      const [chance, scheduler] = [new Chance(seed), new Scheduler()];
      const disk = new SimDisk(scheduler, chance);
      const open = (name: string) => {
        const process = new SimProcess(name, scheduler, 0);
        return { process, spool: openSpool(directory, { disk: disk.usedBy(process) }) };
      };
      const resolved: string[] = [];
      const first = open("first");
      first.spool
        .then((spool) =>
          Promise.all(
            ["a", "b", "c"].map(async (id) => {
              await spool.put(attempt(id));
              resolved.push(id);
            }),
          ),
        )
        .catch(() => {});
      scheduler.after(deathTenths / 10, () => first.process.kill());
      await scheduler.run(1_000, () => false);
      const second = open("second");
      await scheduler.run(2_000, () => false);
      const held = (await second.spool).pending();
      expect(held).toEqual(expect.arrayContaining(resolved));
      second.process.kill();
      disk.losePower();
      const third = open("third");
      await scheduler.run(3_000, () => false);
      expect((await third.spool).pending()).toEqual(held);
      expect((await third.spool).torn).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
