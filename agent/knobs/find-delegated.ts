import { enterCgroup, ownLeaf, subtreeOf, unifiedMount } from "./delegated-tree.ts";
import type { KnobHostProbe } from "./host-probe.ts";
import type { DelegatedTree } from "./knob.ts";
import { parseField } from "./proc-status.ts";
import { scopePrefix } from "./scope-names.ts";

/** What decides whether a part of the cgroup hierarchy was given to this agent. */
export interface DelegationFacts {
  /** Null where the host has no unified hierarchy. */
  readonly directory: string | null;
  readonly uid: number;
  /** Who owns the directory: a service manager gives a delegated one to the unit's user. */
  readonly ownerUid: number | null;
  readonly canWrite: boolean;
  /** What the directory's `cgroup.controllers` says. */
  readonly controllers: string | null;
  /** Whether its processes are the agent and children of it alone. */
  readonly isAlone: boolean;
}

/** Null where it was given, else why it counts as not given. */
export function judgeDelegation(facts: DelegationFacts): string | null {
  const { directory, uid, ownerUid } = facts;
  if (directory === null) return "the host has no unified cgroup hierarchy";
  if (directory === unifiedMount) return "the agent is in the root of the cgroup hierarchy";
  if (ownerUid !== uid) return `${directory} is not delegated to this agent's user (Delegate=)`;
  if (!facts.canWrite) return `this agent may not write in ${directory} (ReadWritePaths=)`;
  if (!(facts.controllers ?? "").split(/\s+/).includes("cpuset")) {
    return `${directory} has no cpuset controller (Delegate=cpuset)`;
  }
  if (!facts.isAlone) return `other programs run in ${directory}`;
  return null;
}

/**
 * Takes over the cgroup that was delegated to this agent: moves its processes to a leaf, hands the cpuset
 * controller down, and believes it only when a trial was limited to the one PU that it asked for. Else why not.
 */
export async function findDelegated(
  probe: KnobHostProbe,
  { uid, pu }: { readonly uid: number; readonly pu: number },
): Promise<DelegatedTree | string> {
  const directory = subtreeOf(await probe.read("/proc/self/cgroup"));
  const residents = directory === null ? [] : await readPids(probe, directory);
  const problem = judgeDelegation({
    directory,
    uid,
    ownerUid: directory === null ? null : await probe.owner(directory),
    canWrite:
      (await probe.canWrite(`${directory}/cgroup.procs`)) &&
      (await probe.canWrite(`${directory}/cgroup.subtree_control`)),
    controllers: await probe.read(`${directory}/cgroup.controllers`),
    isAlone: await areOwn(probe, residents),
  });
  if (problem !== null || directory === null) return problem ?? "no directory";
  const tree: DelegatedTree = { manager: "delegated", environment: {}, directory };
  return (await takeOver(probe, tree, residents)) ?? (await tryCgroup(probe, tree, pu)) ?? tree;
}

async function readPids(probe: KnobHostProbe, directory: string): Promise<readonly string[]> {
  const text = (await probe.read(`${directory}/cgroup.procs`)) ?? "";
  return text.split("\n").filter((line) => line !== "");
}

async function areOwn(probe: KnobHostProbe, pids: readonly string[]): Promise<boolean> {
  const own = parseField(await probe.read("/proc/self/status"), "Pid");
  for (const pid of pids) {
    // Of another namespace of processes.
    if (pid === "0") return false;
    const status = await probe.read(`/proc/${pid}/status`);
    // One that has ended meanwhile is nobody.
    if (status !== null && pid !== own && parseField(status, "PPid") !== own) return false;
  }
  return true;
}

/** Null where it worked. */
async function takeOver(
  probe: KnobHostProbe,
  { directory }: DelegatedTree,
  residents: readonly string[],
): Promise<string | null> {
  const leaf = `${directory}/${ownLeaf}`;
  if (!(await probe.makeDirectory(leaf))) return `${leaf} cannot be made`;
  for (const pid of residents) await probe.write(`${leaf}/cgroup.procs`, pid);
  if ((await readPids(probe, directory)).length > 0) return `processes do not leave ${directory}`;
  return (await probe.write(`${directory}/cgroup.subtree_control`, "+cpuset"))
    ? null
    : `${directory} does not hand its cpuset controller down`;
}

/** Null where it worked. */
async function tryCgroup(
  probe: KnobHostProbe,
  tree: DelegatedTree,
  pu: number,
): Promise<string | null> {
  const placement = { pus: [pu], memoryNodes: [], memoryPolicy: "local" as const, threads: 1 };
  const prefix = enterCgroup(tree, placement, { launchId: "trial", index: 0 });
  const output = await probe.output([...prefix, "cat", "/proc/self/status"], {});
  await probe.removeDirectory(`${tree.directory}/${scopePrefix("trial")}0`);
  if (output === null) return `no process can enter a cgroup in ${tree.directory}`;
  return parseField(output, "Cpus_allowed_list") === `${pu}`
    ? null
    : `a cgroup in ${tree.directory} does not limit PUs`;
}
