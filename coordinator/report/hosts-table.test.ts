import { expect, test } from "vitest";
import type { SystemState } from "../../shared/domain/topology.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import {
  explainClasses,
  explainPeers,
  explainStates,
  type ListedHost,
  listHosts,
} from "./hosts-table.ts";

const shape = makeTopology({
  packages: 2,
  nodesPerPackage: 4,
  coresPerNode: 14,
  threadsPerCore: 2,
});

function makeHost(hostId: string, hostClass: string, state: Partial<SystemState> = {}): ListedHost {
  const cpu = {
    arch: "x86",
    vendor: "GenuineIntel",
    modelName: "Intel(R) Xeon(R) Platinum 8480+ CPU @ 2.00GHz",
    family: 6,
    model: 143,
    stepping: 8,
    microcode: "0x2b000181",
    bugs: null,
    armParts: null,
    microcodes: null,
  };
  const flags = { avx2: true, avx512f: true, avx512_vnni: true, avx512_bf16: true, amx_int8: true };
  const topology = { ...shape, cpu, flags, system: { ...shape.system, ...state } };
  const rest = { state: "idle", agentVersion: "0.1.0", currentSweepId: "", spoolDepth: 0 };
  return { hostId, hostClass, topology, heardBy: "", ...rest };
}

test("a host is a row with its shape, its model, what its CPU can do and its class", () => {
  const [header, row] = listHosts([makeHost("a", "2p8n112c-1")], false);
  expect(header).toEqual(["HOST", "STATE", "SHAPE", "MODEL", "ISA", "CLASS"]);
  expect(row).toEqual([
    "a",
    "idle",
    "2×8×112×224",
    "Xeon Platinum 8480+",
    "AMX,VNNI,BF16,AVX512",
    "2p8n112c-1",
  ]);
});

test("the wide list adds what classes differ in, and every row is as long as the header", () => {
  const silent = { ...makeHost("b", "x"), topology: unknownTopology };
  const rows = listHosts([makeHost("a", "x", { kernelRelease: "6.8" }), silent], true);
  expect(new Set(rows.map((row) => row.length))).toEqual(new Set([14]));
  expect(rows[1]).toContain("6.8");
  expect(rows[2]?.slice(2, 5)).toEqual(["0×0×0×0", "?", "?"]);
});

test("hosts that only another coordinator hears are named with it, those that are away with none", () => {
  const heardBy = "10.0.0.2:7421";
  const far = Array.from({ length: 9 }, (_, n) => ({ ...makeHost(`f${n}`, "x"), heardBy }));
  const gone = { ...makeHost("g", "x"), heardBy, state: "away" };
  expect(explainPeers([makeHost("a", "x"), ...far, gone])).toEqual([
    "heard by coordinator 10.0.0.2:7421, not by this one: f0, f1, f2, f3, f4, f5, f6, f7 and 1 more",
  ]);
  expect(explainPeers([makeHost("a", "x")])).toEqual([]);
});

test("a host that is odd is named with the first facet in which it differs from the many", () => {
  const usual = { scalingGovernor: { performance: "0-223" } };
  const odd = { scalingGovernor: { powersave: "0-223" } };
  const hosts = [makeHost("a", "x", usual), makeHost("b", "y", odd), makeHost("c", "x", usual)];
  expect(explainClasses(hosts)).toEqual([
    "y (b) differs from x in governor: powersave, not performance",
  ]);
  expect(explainClasses(hosts.filter(({ hostClass }) => hostClass === "x"))).toEqual([]);
  expect(explainClasses([])).toEqual([]);
});

test("what a host calls itself cannot move the cursor of a terminal", () => {
  const hosts = [{ ...makeHost("a\u001b[2J", "x"), state: "away\r" }];
  expect(listHosts(hosts, false)[1]?.slice(0, 2)).toEqual(["a?[2J", "away?"]);
});

test("why a host is not at work stands below the table, where it has room", () => {
  const host = { ...makeHost("a", "c"), state: "draining, measuring: new microcode: rev 2" };
  expect(listHosts([host], false)[1]?.[1]).toBe("draining, measuring");
  expect(explainStates([host, makeHost("b", "c")])).toEqual([
    "a is draining, measuring: new microcode: rev 2",
  ]);
});
