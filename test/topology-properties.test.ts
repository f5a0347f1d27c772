import fc from "fast-check";
import { expect, test } from "vitest";
import { readTopology } from "../agent/host/topology.ts";
import { formatCpuList, toCpuSet } from "../shared/domain/cpuset.ts";
import { hostPlans } from "../shared/testing/host-plans.ts";
import { type HostPlan, makeHostTree } from "../shared/testing/host-tree.ts";
import { type FileText, makeMapReader } from "./support/map-reader.ts";

/** The sets of PUs that are still there when offline ones are gone, as sorted kernel lists. */
function onlineSets(plan: HostPlan, sets: readonly (readonly number[])[]): string[] {
  const offline = new Set(plan.offline);
  return sets
    .map((pus) => formatCpuList(toCpuSet(pus.filter((pu) => !offline.has(pu)))))
    .filter((list) => list !== "")
    .sort();
}

test("a host is read as it was planned, whatever its shape, ids, names and format", async () => {
  await fc.assert(
    fc.asyncProperty(hostPlans, async (plan) => {
      const topology = await readTopology(makeMapReader(makeHostTree(plan)));
      const nodes = plan.packages.flatMap((set) => set.numaNodes);
      const cores = nodes.flatMap((node) => node.cores);
      const packages = plan.packages.map((set) =>
        set.numaNodes.flatMap((node) => node.cores.flat()),
      );
      const lists = (sets: readonly { readonly cpus: string }[]): string[] =>
        sets.map(({ cpus }) => cpus).sort();
      expect(topology.cpus.offline).toBe(formatCpuList(toCpuSet(plan.offline)));
      expect(lists(topology.packages)).toEqual(onlineSets(plan, packages));
      expect(lists(topology.cores)).toEqual(onlineSets(plan, cores));
      expect(lists(topology.caches.filter(({ level }) => level === 1))).toEqual(
        onlineSets(plan, cores),
      );
      expect(lists(topology.caches.filter(({ level }) => level === 3))).toEqual(
        onlineSets(plan, packages),
      );
      expect(new Set(topology.numaNodes.map(({ id }) => id))).toEqual(
        new Set([...nodes, ...plan.memoryOnly].map(({ id }) => id)),
      );
      for (const node of nodes) {
        const read = topology.numaNodes.find(({ id }) => id === node.id);
        expect(read?.cpus ?? "").toBe(onlineSets(plan, [node.cores.flat()])[0] ?? "");
        expect(read?.memoryBytes).toBe(node.memoryKiB * 1024);
      }
      expect(topology.warnings).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

test("a memory-only node belongs to the package of its nearest node", async () => {
  await fc.assert(
    fc.asyncProperty(hostPlans, async (plan) => {
      const [first] = plan.packages;
      fc.pre(first !== undefined && plan.packages.length > 1);
      const near = first?.numaNodes.find(({ id }) => id === plan.memoryOnly[0]?.near);
      fc.pre(near?.cores.flat().some((pu) => !plan.offline.includes(pu)) === true);
      const topology = await readTopology(makeMapReader(makeHostTree(plan)));
      for (const { id } of plan.memoryOnly) {
        const node = topology.numaNodes.find((other) => other.id === id);
        expect(node?.kind).toBe("memory-only");
        expect(node?.packageIds).toEqual([first?.id]);
      }
    }),
    { numRuns: 60 },
  );
});

const damage: fc.Arbitrary<FileText | null> = fc.oneof(
  fc.constant(null),
  fc.constantFrom<FileText>(
    "",
    "\n",
    "(null)\n",
    "\0\0",
    "0-99999999999",
    "0-65535",
    "4294967295",
    "-1",
    "-",
    "3-1",
    "0-62:2",
    "1,,2,foo,4-",
    "ffffffff,ffffffff,ffffffff",
    "f".repeat(5000),
    "0".repeat(100_000),
    "NaN",
    "0x7fffffffffffffff",
    "processor : 0\nflags : avx512",
    { fails: "may not be read by this user" },
  ),
  fc.string({ unit: "binary", maxLength: 60 }),
);

const damagedFiles = fc.array(fc.record({ pick: fc.nat(), damage }), {
  minLength: 1,
  maxLength: 25,
});

/** Files that only some hosts have, so that their readers see damage too. */
const optionalFiles: readonly string[] = [
  "sys/devices/system/cpu/isolated",
  "sys/devices/system/cpu/kernel_max",
  "sys/devices/system/cpu/nohz_full",
  "sys/devices/system/cpu/smt/active",
  "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor",
  "sys/devices/system/cpu/cpufreq/policy0/affected_cpus",
  "sys/devices/system/cpu/cpu0/cpuidle/state0/latency",
  "sys/devices/system/cpu/cpu0/topology/die_cpus_list",
  "sys/devices/system/cpu/cpu0/topology/cluster_cpus",
  "sys/devices/system/node/node0/access1/initiators/node0",
  "sys/devices/system/node/node0/memory_side_cache/index0/size",
  "sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages",
  "sys/firmware/dmi/entries/17-0/raw",
  "sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages",
  "sys/kernel/mm/transparent_hugepage/enabled",
  "sys/devices/cpu_core/cpus",
  "sys/devices/system/cpu/cpu0/cpufreq/boost",
  "sys/fs/cgroup/cpu.max",
  "sys/fs/cgroup/memory.max",
  "proc/self/cpuset",
  "proc/cpuinfo",
  "proc/cmdline",
  "proc/meminfo",
  "proc/mounts",
  "proc/self/cgroup",
  "proc/self/status",
  "proc/version",
];

/** More than any planned host needs: at most 120 PUs with about 30 files each. */
const maxOperations = 20_000;

test("a damaged tree never makes the reader throw, and never makes it read without end", async () => {
  await fc.assert(
    fc.asyncProperty(hostPlans, damagedFiles, async (plan, damages) => {
      const tree = new Map<string, FileText>(makeHostTree(plan));
      const paths = [...tree.keys(), ...optionalFiles, ...optionalFiles];
      for (const { pick, damage: text } of damages) {
        const path = paths[pick % paths.length] ?? "";
        if (text === null) tree.delete(path);
        else tree.set(path, text);
      }
      const reader = makeMapReader(tree);
      const topology = await readTopology(reader);
      expect(topology.schema).toBe("topology-truth/1");
      expect(reader.operations()).toBeLessThan(maxOperations);
      expect(JSON.stringify(topology).length).toBeLessThan(1 << 20);
    }),
    { numRuns: 200 },
  );
});

test("the files of a host are read once per sharing set, so most of them are never opened", async () => {
  const plan: HostPlan = {
    packages: [0, 1].map((id) => ({
      id,
      numaNodes: [
        {
          id,
          memoryKiB: 1024,
          cores: Array.from({ length: 56 }, (_, core) => [id * 56 + core, 112 + id * 56 + core]),
        },
      ],
    })),
    memoryOnly: [],
    offline: [],
    naming: "new",
    format: "lists",
  };
  const tree = makeHostTree(plan);
  const reader = makeMapReader(tree);
  const topology = await readTopology(reader);
  expect(topology.summary.threads).toBe(224);
  expect(reader.operations()).toBeLessThan(tree.size / 1.5);
});
