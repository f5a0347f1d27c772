import { expect, test } from "vitest";
import type { SystemState } from "../../shared/domain/topology.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { makeTopology } from "../../shared/testing/topologies.ts";
import { type ListedHost, listHosts } from "./hosts-table.ts";

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
  const rest = { state: "idle", agentVersion: "0.1.0", currentSweepId: "", heardBy: "" };
  const spool = { spoolDepth: 0, spoolBytes: 0, lastSeenMs: 0 };
  const said = { cordonMode: "", cordonBy: "", runners: [], labels: {} };
  return { hostId, hostClass, topology, ...rest, ...spool, ...said };
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

test("what a host calls itself cannot move the cursor of a terminal", () => {
  const hosts = [{ ...makeHost("a\u001b[2J", "x"), state: "away\r" }];
  expect(listHosts(hosts, false)[1]?.slice(0, 2)).toEqual(["a?[2J", "away?"]);
});

test("of the state the table shows the words, for the reason has no room there", () => {
  const host = { ...makeHost("a", "c"), state: "draining, measuring: new microcode: rev 2" };
  expect(listHosts([host], false)[1]?.[1]).toBe("draining, measuring");
});
