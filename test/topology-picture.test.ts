import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { captureTree } from "../agent/host/capture.ts";
import { makeTarReader } from "../agent/host/tar-tree.ts";
import { readTopology } from "../agent/host/topology.ts";
import { renderTopology } from "../shared/domain/topology-picture.ts";
import { drawTopologySvg } from "../shared/domain/topology-svg.ts";
import { hostPlans } from "../shared/testing/host-plans.ts";
import { type HostPlan, makeHostTree } from "../shared/testing/host-tree.ts";
import { makeMapReader } from "./support/map-reader.ts";

/** Two packages with two NUMA nodes each, SMT, and a memory-only node at package 1. */
const plan: HostPlan = {
  packages: [0, 1].map((id) => ({
    id,
    numaNodes: [0, 1].map((half) => ({
      id: id * 2 + half,
      memoryKiB: 64 * 2 ** 20,
      cores: [0, 1].map((core) => [id * 4 + half * 2 + core, 8 + id * 4 + half * 2 + core]),
    })),
  })),
  memoryOnly: [{ id: 4, near: 2 }],
  offline: [15],
  naming: "new",
  format: "lists",
};

const secrets = {
  "proc/cmdline": "root=/dev/disk-of-rack7 ip=rack7-host12 mitigations=off -- --token hunter2\n",
  "proc/version": "Linux version 6.8.0-1 (anna@rack7-host12) (gcc 13)\n",
  "proc/mounts": "rack7-nas:/home/anna /home nfs rw 0 0\nrack7 /sys/fs/cgroup cgroup2 rw 0 0\n",
  "proc/self/cgroup": "1:name=systemd:/user/anna\n0::/rack7-host12/anna\n",
  "proc/self/status": "Name:\tanna\nCpus_allowed_list:\t0-3\n",
  "proc/self/cpuset": "/rack7-host12/anna\n",
  "sys/fs/cgroup/rack7-host12/anna/cpuset.cpus.effective": "0-5\n",
  "proc/cpuinfo": "processor\t: 0\nCPU part\t: 0xd01\nFeatures\t: asimd\nSerial\t\t: hunter2\n",
};

test("the picture folds a host into a line for every NUMA node", async () => {
  const topology = await readTopology(makeMapReader(makeHostTree(plan)));
  const lines = renderTopology(topology, { width: 80, full: false, colour: false }).split("\n");
  expect(lines.slice(0, 12)).toEqual([
    "CPU model unknown",
    "2 packages, 5 NUMA nodes, 8 cores, 15 threads (1 or 2 a core), 256 GiB",
    "",
    "package 0  4 cores (8 threads)  cpus 0-3,8-11  L3 32 MiB",
    "  node 0  2 cores (4 threads)  64 GiB  cpus 0-1,8-9",
    "  node 1  2 cores (4 threads)  64 GiB  cpus 2-3,10-11",
    "package 1  4 cores (7 threads)  cpus 4-7,12-14  L3 32 MiB",
    "  node 2  2 cores (4 threads)  64 GiB  cpus 4-5,12-13",
    "  node 3  2 cores (3 threads)  64 GiB  cpus 6-7,14",
    "  node 4  memory-only  1 MiB  nearest to node 2 (distance 14)",
    "",
    "caches    L1d 8 × 48 KiB   L3 2 × 32 MiB",
  ]);
  expect(lines).toContain("cpus      offline 15");
});

test("no line of a picture is wider than the terminal, and every core is in the full one", async () => {
  await fc.assert(
    fc.asyncProperty(hostPlans, fc.integer({ min: 40, max: 120 }), async (host, width) => {
      const topology = await readTopology(makeMapReader(makeHostTree(host)));
      const picture = renderTopology(topology, { width, full: true, colour: false });
      expect(picture.split("\n").filter((line) => line.length > width)).toEqual([]);
      for (const { core, cpus } of topology.cores) expect(picture).toContain(`${core}: ${cpus}`);
    }),
    { numRuns: 60 },
  );
});

test("the drawing is well-formed, holds every core and escapes what the host says", async () => {
  await fc.assert(
    fc.asyncProperty(hostPlans, fc.string({ maxLength: 30 }), async (host, name) => {
      const tree = makeHostTree(host);
      tree.set("proc/cpuinfo", `processor : 0\nmodel name : <b>&"${name.replaceAll("\n", "")}\n`);
      const topology = await readTopology(makeMapReader(tree));
      const svg = drawTopologySvg(topology);
      expect(svg).not.toMatch(/NaN|undefined|<b>/);
      expect(svg.match(/<g>/g)).toHaveLength(topology.cores.length);
      expect(svg.match(/<(g|svg|title|text)[ >]/g)?.length).toBe(
        svg.match(/<\/(g|svg|title|text)>/g)?.length,
      );
    }),
    { numRuns: 60 },
  );
});

test("a capture is read as the host that it was made of", async () => {
  await fc.assert(
    fc.asyncProperty(hostPlans, async (host) => {
      const tree = makeHostTree(host);
      const { archive, leftOut } = await captureTree(makeMapReader(tree));
      expect(leftOut).toEqual([]);
      expect(await readTopology(makeTarReader(archive))).toEqual(
        await readTopology(makeMapReader(tree)),
      );
    }),
    { numRuns: 30 },
  );
});

test("a capture names no host, no person, no disk and no serial number", async () => {
  const tree = makeHostTree(plan);
  for (const [path, text] of Object.entries(secrets)) tree.set(path, text);
  const { archive } = await captureTree(makeMapReader(tree));
  expect(gunzipSync(archive).toString("latin1")).not.toMatch(/rack7|anna|hunter2/);
  const reader = makeTarReader(archive);
  for (const path of Object.keys(secrets).filter((name) => name.startsWith("proc/"))) {
    expect((await reader.read(path)).state).toBe("present");
  }
  const topology = await readTopology(reader);
  expect(topology.cpus.allowed).toBe("0-3");
  expect(topology.armFeatures?.["neon"]).toBe(true);
  expect(topology.system).toMatchObject({
    kernelRelease: "6.8.0-1",
    kernelCmdline: "mitigations=off",
  });
});
