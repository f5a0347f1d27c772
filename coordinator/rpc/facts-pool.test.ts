import { expect, test } from "vitest";
import type { Topology } from "../../shared/domain/topology.ts";
import { unknownTopology } from "../../shared/domain/unknown-topology.ts";
import { onnxruntimeDeclaration } from "../../shared/testing/runner-declarations.ts";
import { FactsPool } from "./facts-pool.ts";

/** A host of so many cores, of which something else comes and goes. */
function makeFacts(cores: number, osName: string) {
  const topology = {
    ...unknownTopology,
    cores: Array.from({ length: cores }, (_, core) => ({ cpus: `${core}`, package: 0 })),
    system: { ...unknownTopology.system, osName },
  };
  const runners = [onnxruntimeDeclaration];
  return JSON.parse(JSON.stringify({ topology, runners })) as {
    topology: Topology;
    runners: typeof runners;
  };
}

test("hosts of one kind have their cores and declarations in common, and what differs is their own", () => {
  const pool = new FactsPool();
  const given = [makeFacts(40, "a"), makeFacts(40, "b"), makeFacts(41, "a")];
  const [a, b, c] = given.map((facts) => pool.share(facts));
  expect(b?.topology.cores).toBe(a?.topology.cores);
  expect(c?.topology.cores).not.toBe(a?.topology.cores);
  expect(c?.runners[0]).toBe(a?.runners[0]);
  expect([a, b, c]).toEqual([makeFacts(40, "a"), makeFacts(40, "b"), makeFacts(41, "a")]);
});

test("more kinds of hosts than are remembered lose nothing", () => {
  const pool = new FactsPool();
  const first = makeFacts(1, "x".repeat(300));
  pool.share(first);
  for (let n = 0; n < 1_100; n += 1) pool.share(makeFacts(1, `${n}`.padStart(300, "y")));
  expect(pool.share(makeFacts(1, "x".repeat(300)))).toEqual(first);
});
