import { setTimeout as sleep } from "node:timers/promises";
import type { LaunchSeen } from "./fleet.ts";
import { fail, guest, type Stage } from "./stage.ts";
import { dropIn, mainPid, restart, until, untilAnew } from "./wait.ts";

/** Where the cgroups of launches are, by who makes them. */
const scopes = "/sys/fs/cgroup/fleetsweep.slice";
const ownTree = "/sys/fs/cgroup/system.slice/fleetsweep-agent.service";
const unit = "fleetsweep-agent";

/** Runs a sweep and demands that every launch was measured, on its plan, and bound in this way. */
export async function expectSweep(
  stage: Stage,
  file: string,
  tool: string,
  scope: string,
): Promise<void> {
  let swept = await stage.operator.sweep(file);
  // An agent that was started a moment ago is not connected yet.
  for (let again = 0; again < 60 && swept.code === 2; again += 1) {
    await sleep(5_000);
    swept = await stage.operator.sweep(file);
  }
  if (swept.code !== 0) fail(`the sweep ended with ${swept.code}: ${swept.stderr.slice(-1_000)}`);
  const launches = await stage.operator.launches();
  if (launches.length === 0) fail("the sweep has no launch");
  for (const launch of launches) expectLaunch(stage, launch, { tool, scope });
}

function expectLaunch(
  { see }: Stage,
  { placement, policy, outcome, verdict, bindingTool, scope, detail }: LaunchSeen,
  wanted: { readonly tool: string; readonly scope: string },
): void {
  const why = verdict === "valid" ? "" : ` (${detail.trim().slice(0, 200)})`;
  see(
    `  ${placement}, memory ${policy}: ${outcome}, ${verdict}${why}, bound by ${bindingTool}, scope of ${scope}`,
  );
  if (outcome !== "measured" || bindingTool !== wanted.tool || scope !== wanted.scope) fail(detail);
  if (/knob-not-effective|off-plan/.test(detail)) fail(detail);
}

/** Writes what the kernel grants each cgroup of a launch, several times a second. */
const watch = (above: string): string => `cat >/run/watch.sh <<'END'
while :; do
  for cgroup in ${above}/fleetsweep-launch-*; do
    read -r pus <"$cgroup/cpuset.cpus.effective" && read -r nodes <"$cgroup/cpuset.mems.effective" &&
      echo "\${cgroup##*/} $pus $nodes" >>/run/cgroups
  done 2>/dev/null
  sleep 0.3
done
END
: >/run/cgroups
systemd-run --quiet --collect --unit=watch bash /run/watch.sh`;

/** A sweep of all placements, each instance in a cgroup below `above` that holds it to its package. */
async function expectHeld(
  stage: Stage,
  above: string,
  wanted: { readonly tool: string; readonly scope: string },
): Promise<void> {
  await guest(stage, watch(above));
  await expectSweep(stage, "sweep.yaml", wanted.tool, wanted.scope);
  const seen = (await guest(stage, "systemctl stop watch; sort -u /run/cgroups")).split("\n");
  const sets = seen.map((line) => line.split(" ").slice(1).join(" with NUMA nodes "));
  for (const set of [...new Set(sets)].sort()) {
    stage.see(`  ${sets.filter((other) => other === set).length} cgroups had the PUs ${set}`);
  }
  // Both packages with their own memory, and the host as a whole.
  for (const set of ["0-1 with NUMA nodes 0", "2-3 with NUMA nodes 1", "0-3 with NUMA nodes 0-1"]) {
    if (!sets.includes(set)) fail(`no cgroup had the PUs ${set}`);
  }
  await expectNothingLeft(stage, above);
}

async function expectNothingLeft(stage: Stage, above: string): Promise<void> {
  const find = `find ${above}/fleetsweep-launch-* -name cgroup.procs 2>/dev/null || true`;
  await until(
    stage,
    `no cgroup of a launch is left in ${above.replace("/sys/fs/cgroup/", "")}`,
    async () => (await guest(stage, find)) === "",
  );
}

/** No root: the agent makes the cgroups itself, in the subtree of its unit. */
export async function shippedUnit(stage: Stage): Promise<void> {
  const may = `grep ^Cap /proc/$(systemctl show --property=MainPID --value ${unit})/status | tr '\n\t' '  '
    ps -o user= -p $(systemctl show --property=MainPID --value ${unit}); cat ${ownTree}/cgroup.subtree_control`;
  stage.see((await guest(stage, may)).replaceAll("\n", ", "));
  await expectHeld(stage, ownTree, { tool: "cgroup+numactl", scope: "delegated" });
  const elsewhere = `pid=$(systemctl show --property=MainPID --value ${unit})
    nsenter --target $pid --mount -- touch -c /sys/fs/cgroup/system.slice/cgroup.procs`;
  const { code, output } = await stage.machine.run(elsewhere);
  if (code === 0) fail("the unit may write elsewhere in the hierarchy");
  stage.see(`  elsewhere in the hierarchy: ${output}`);
}

/** Where nothing is delegated the same agent goes without. */
export async function withoutDelegation(stage: Stage): Promise<void> {
  await dropIn(stage, { unit, name: "alone", service: ["Delegate=no"] });
  await restart(stage, unit);
  await expectSweep(stage, "short.yaml", "numactl", "none");
  // Each step after this one starts it anew.
  await dropIn(stage, { unit, name: "alone", service: null });
}

export const killedAgent = (stage: Stage): Promise<void> => killInLaunch(stage, ownTree);

export async function rootAgent(stage: Stage): Promise<void> {
  await dropIn(stage, { unit, name: "root", service: ["User=root"] });
  await restart(stage, unit);
  await expectHeld(stage, scopes, { tool: "systemd+numactl", scope: "system" });
  await killInLaunch(stage, scopes);
  await dropIn(stage, { unit, name: "root", service: null });
}

async function killInLaunch(stage: Stage, above: string): Promise<void> {
  let isOver = false;
  const swept = stage.operator.sweep("short.yaml").finally(() => {
    isOver = true;
  });
  // Once each instance is the runner itself and none of those before it, it has no capability of the agent's.
  const running = `for pid in $(cat ${above}/fleetsweep-launch-*/cgroup.procs 2>/dev/null); do
      case "$(cat /proc/$pid/comm)" in setpriv | sh | mkdir | numactl | systemd-run) ;; *) grep -h ^CapEff /proc/$pid/status || true ;; esac
      done`;
  await until(stage, "both instances run in their cgroups", async () => {
    if (isOver) fail(`the sweep is over: ${(await swept).stderr.slice(-1_000)}`);
    const found = (await guest(stage, running)).split("\n").filter((line) => line !== "");
    if (found.length < 2) return false;
    stage.see(`  ${[...new Set(found)].join(", ")}`);
    if (above === ownTree && found.some((line) => !/\t0+$/.test(line))) fail(found.join(", "));
    return true;
  });
  const pid = await mainPid(stage, unit);
  await guest(stage, `kill -9 ${pid}`);
  await untilAnew(stage, unit, pid);
  const { code, stderr } = await swept;
  if (code !== 0) fail(`the sweep ended with ${code}: ${stderr.slice(-1_000)}`);
  const said = `journalctl -u ${unit} -o cat | grep -o 'processes_ended.*' | tail -1`;
  stage.see(`the sweep has ended well; the new agent: ${await guest(stage, said)}`);
  await expectNothingLeft(stage, above);
}
