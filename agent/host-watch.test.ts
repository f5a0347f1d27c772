import { expect, test } from "vitest";
import type { Topology } from "../shared/domain/topology.ts";
import { HostWatch } from "./host-watch.ts";

function host(governor: string, free: number): Topology {
  const hugepages = [{ sizeKiB: 2048, total: 8, free }];
  return { system: { scalingGovernor: { [governor]: "0-3" }, hugepages } } as unknown as Topology;
}

test("a governor that was changed is noticed, pages that come and go are not", async () => {
  const readings = [host("powersave", 8), host("powersave", 3), host("performance", 3)];
  const watch = await HostWatch.start(async () => readings.shift() as Topology);
  expect(await watch.refresh()).toBe(false);
  expect(await watch.refresh()).toBe(true);
  expect(watch.current.system.scalingGovernor).toEqual({ performance: "0-3" });
});
