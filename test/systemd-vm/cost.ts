import { enterCgroup } from "../../agent/knobs/delegated-tree.ts";
import { systemdRun } from "../../agent/knobs/scope.ts";
import { scopePrefix } from "../../agent/knobs/scope-names.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { guest, type Stage } from "./stage.ts";

const placement: InstancePlacement = {
  pus: [0, 1],
  memoryNodes: [0],
  memoryPolicy: "bind",
  threads: 2,
};
const numactl = ["numactl", "--all", "--physcpubind=0-1", "--membind=0", "--", "true"];
/** Scopes without a name: one that was used a moment ago is still taken. */
const place = { launchId: null, index: 0 };
const tree = "/sys/fs/cgroup/cost.slice";
const rounds = 10;

const quote = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");

/** How each way starts a process that ends at once, with what cleans up behind it. */
const ways: Readonly<Record<string, string>> = {
  "numactl alone": quote(numactl),
  "in a scope of systemd": quote([
    ...systemdRun({ manager: "system" }, placement, place),
    ...numactl,
  ]),
  "in a cgroup of the agent's own": `${quote([...enterCgroup({ directory: tree }, placement, place), ...numactl])}
      rmdir ${tree}/${scopePrefix("trial")}0`,
};

/** What putting a process into a scope or a cgroup costs beside numactl alone: the ways in turns. */
export async function cost(stage: Stage): Promise<void> {
  const each = Object.values(ways).map((way, n) => {
    return `start=$(date +%s%N); ${way}; echo ${n} $(($(date +%s%N) - start))`;
  });
  const script = `mkdir -p ${tree}
    echo +cpuset >/sys/fs/cgroup/cgroup.subtree_control
    echo +cpuset >${tree}/cgroup.subtree_control
    for round in $(seq ${rounds}); do
    ${each.join("\n    ")}
    done
    rmdir ${tree}`;
  const lines = (await guest(stage, script, 600_000)).split("\n");
  for (const [n, way] of Object.keys(ways).entries()) {
    const ms = lines
      .filter((line) => line.startsWith(`${n} `))
      .map((line) => Number(line.slice(2)) / 1e6)
      .sort((a, b) => a - b);
    const at = (share: number): string => (ms[Math.floor(share * (ms.length - 1))] ?? 0).toFixed(1);
    stage.see(
      `a start ${way}: median ${at(0.5)} ms, quarters ${at(0.25)} to ${at(0.75)}, n = ${ms.length}`,
    );
  }
}
