import { expect, test } from "vitest";
import { readTopology } from "../agent/host/topology.ts";
import { makeHostTree } from "../shared/testing/host-tree.ts";
import { makeMapReader } from "./support/map-reader.ts";
import { type Changes, cpuRoot, nodeRoot, plan, read } from "./support/planned-host.ts";

test("without cpu/online a CPU is online unless its own file says 0, and cpu0 needs no file", async () => {
  const { cpus } = await read({
    [`${cpuRoot}/online`]: null,
    [`${cpuRoot}/cpu0/online`]: null,
    [`${cpuRoot}/cpu7/online`]: "0\n",
  });
  expect(cpus.online).toBe("0-6");
  expect(cpus.offline).toBe("7");
});

test("a damaged list gives way to the mask beside it, and both are named in the warning", async () => {
  const { numaNodes, warnings } = await read({
    [`${nodeRoot}/node0/cpulist`]: "0-1,bar\n",
    [`${nodeRoot}/node0/cpumap`]: "00000033\n",
  });
  expect(numaNodes[0]?.cpus).toBe("0-1,4-5");
  expect(warnings.join("\n")).toContain('node0/cpulist: skipped "bar"');
});

test("where list and mask contradict each other the list is taken, with a warning", async () => {
  const { packages, warnings } = await read({ [`${cpuRoot}/cpu0/topology/package_cpus`]: "ff\n" });
  expect(packages).toHaveLength(2);
  expect(warnings.join("\n")).toContain("the list is taken");
});

test("packages without an id are told apart by their sets", async () => {
  const { packages, numaNodes } = await read(
    Object.fromEntries(
      [0, 1, 2, 3, 4, 5, 6, 7].map((pu) => [
        `${cpuRoot}/cpu${pu}/topology/physical_package_id`,
        "-1\n",
      ]),
    ),
  );
  expect(packages.map(({ id, cpus }) => [id, cpus])).toEqual([
    [-1, "0-1,4-5"],
    [-1, "2-3,6-7"],
  ]);
  expect(numaNodes.map(({ packageIds }) => packageIds)).toEqual([[-1], [-1]]);
});

test("PUs without a package set are grouped by their package id", async () => {
  const { packages } = await read(
    Object.fromEntries(
      [0, 1, 4, 5].map((pu) => [`${cpuRoot}/cpu${pu}/topology/package_cpus_list`, null]),
    ),
  );
  expect(packages.map(({ cpus }) => cpus)).toEqual(["0-1,4-5", "2-3,6-7"]);
});

test("the compute units of AMD families 21 and 22 are two cores, told apart by core id", async () => {
  const cpuinfo = (family: number): string =>
    `processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: ${family}\nflags\t\t: avx fma4\n`;
  const ids = {
    [`${cpuRoot}/cpu4/topology/core_id`]: "1\n",
    [`${cpuRoot}/cpu0/topology/core_id`]: "0\n",
  };
  const bulldozer = await read({ "proc/cpuinfo": cpuinfo(21), ...ids });
  expect(bulldozer.cores.map(({ cpus }) => cpus)).toContain("4");
  const zen = await read({ "proc/cpuinfo": cpuinfo(23), ...ids });
  expect(zen.cores.map(({ cpus }) => cpus)).toContain("0,4");
});

test("a die of one PU in a larger package is what kernels without dies write, and no die", async () => {
  const dies = (lists: Readonly<Record<number, string>>): Changes =>
    Object.fromEntries(
      Object.entries(lists).map(([pu, list]) => [
        `${cpuRoot}/cpu${pu}/topology/die_cpus_list`,
        list,
      ]),
    );
  const each = Object.fromEntries([0, 1, 2, 3, 4, 5, 6, 7].map((pu) => [pu, `${pu}\n`]));
  expect((await read(dies(each))).dies).toBeNull();
  const real = await read(dies({ 0: "0,4", 1: "1,5", 2: "2-3,6-7" }));
  expect(real.dies?.map(({ cpus }) => cpus)).toEqual(["0,4", "1,5", "2-3,6-7"]);
});

test("a node with an empty list is kept as memory, one without memory as empty", async () => {
  const { numaNodes, summary } = await read(
    { [`${nodeRoot}/node3/meminfo`]: "Node 3 MemTotal: 0 kB\n" },
    { ...plan, memoryOnly: [2, 3].map((id) => ({ id, near: 1 })) },
  );
  expect(numaNodes.map(({ kind }) => kind)).toEqual([
    "cpu+memory",
    "cpu+memory",
    "memory-only",
    "empty",
  ]);
  expect(numaNodes[2]?.packageIds).toEqual([1]);
  expect(numaNodes[3]?.localCpus).toBe("");
  expect(summary.memoryOnlyNodes).toBe(1);
});

test("initiators place a memory-only node where distances would place it elsewhere", async () => {
  const withMemory = { ...plan, memoryOnly: [{ id: 2, near: 0 }] };
  const hmat = {
    [`${nodeRoot}/node2/access0/initiators/node0`]: "",
    [`${nodeRoot}/node2/access1/initiators/node1`]: "",
    [`${nodeRoot}/node2/access1/initiators/read_latency`]: "77\n",
  };
  const { numaNodes } = await read(hmat, withMemory);
  expect(numaNodes[2]?.packageIds).toEqual([1]);
  expect(numaNodes[2]?.accessLocal).toEqual({ read_latency: 77 });
  const fake = await read({ ...hmat, "proc/cmdline": "ro numa=fake=4\n" }, withMemory);
  expect(fake.numaNodes[2]?.packageIds).toEqual([0]);
  expect(fake.warnings.join("\n")).toContain("artificial");
});

test("a directory that may not be listed is named with the reason, and one that is absent is not", async () => {
  const gone = Object.fromEntries(
    [...makeHostTree(plan).keys()]
      .filter((path) => path.startsWith(`${nodeRoot}/`))
      .map((path) => [path, null]),
  );
  expect((await read(gone)).warnings).toEqual([]);
  const denied = await read({ ...gone, [nodeRoot]: { fails: "may not be read by this user" } });
  expect(denied.numaNodes).toEqual([]);
  expect(denied.warnings).toContain(`${nodeRoot}: may not be read by this user`);
});

test("a distance row of the wrong length is left out, and only that row", async () => {
  const { numaNodes, warnings } = await read({ [`${nodeRoot}/node1/distance`]: "10\n" });
  expect(numaNodes[0]?.distances).toEqual({ 0: 10, 1: 21 });
  expect(numaNodes[1]?.distances).toBeNull();
  expect(warnings.join("\n")).toContain("node1/distance");
});

test("a node without CPUs whose memory nobody tells is not called memory-only", async () => {
  const { numaNodes, summary } = await read(
    { [`${nodeRoot}/node2/meminfo`]: null },
    { ...plan, memoryOnly: [{ id: 2, near: 1 }] },
  );
  expect(numaNodes[2]?.kind).toBe("no CPUs, memory unknown");
  expect(summary.memoryOnlyNodes).toBe(0);
});

test("overlapping NUMA nodes are all kept, and no core is said to belong to one", async () => {
  const { cores, numaNodes, warnings } = await read({ [`${nodeRoot}/node1/cpulist`]: "0-7\n" });
  expect(numaNodes).toHaveLength(2);
  expect(cores.every(({ numaNodes: nodes }) => nodes === null)).toBe(true);
  expect(warnings.join("\n")).toContain("NUMA nodes 1 list CPUs of earlier nodes");
});

test("without any CPU directory there are threads, and cores and packages are unknown", async () => {
  const reader = makeMapReader(new Map([[`${cpuRoot}/online`, "0-3\n"]]));
  const { summary, cores, packages, cpus } = await readTopology(reader);
  expect([summary.threads, summary.cores, summary.packages]).toEqual([4, null, null]);
  expect([cores, packages, cpus.allowed]).toEqual([[], [], "0-3"]);
});

test("a host that names every possible CPU makes no reads for those without a directory", async () => {
  const tree = new Map([
    [`${cpuRoot}/online`, "0-65535\n"],
    [`${cpuRoot}/present`, "0-65535\n"],
  ]);
  const reader = makeMapReader(tree);
  await readTopology(reader);
  expect(reader.operations()).toBeLessThan(200);
});

test("a set that changes while it is read is read once more", async () => {
  const inner = makeMapReader(makeHostTree(plan));
  let asked = 0;
  const topology = await readTopology({
    ...inner,
    read(path) {
      if (path !== `${cpuRoot}/online`) return inner.read(path);
      asked += 1;
      return Promise.resolve({ state: "present", text: asked < 3 ? "0-6\n" : "0-7\n" });
    },
  });
  expect(topology.cpus.online).toBe("0-7");
  expect(topology.warnings).toEqual([]);
});
