import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { LaunchSeen } from "./fleet.ts";
import { fail, guest, type Stage } from "./stage.ts";

/** Of an emulated machine on a host that has other work. */
/** After each change of a drop-in. */
const readUnits = "systemctl daemon-reload";

const patienceMs = 600_000;
const units = "/etc/systemd/system";
const state = "/var/lib/fleetsweep";

async function until(stage: Stage, what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > end) fail(`${what}, within ${patienceMs / 1_000} s`);
    await sleep(1_000);
  }
  stage.see(what);
}

const isActive = async (stage: Stage, unit: string): Promise<boolean> =>
  (await stage.machine.run(`systemctl is-active ${unit}`)).output === "active";
const mainPid = (stage: Stage, unit: string): Promise<string> =>
  guest(stage, `systemctl show --property=MainPID --value ${unit}`);

/** Until systemd has another process for the unit, which has said that it is ready. */
async function untilAnew(stage: Stage, unit: string, before: string): Promise<void> {
  await until(stage, `systemd has started ${unit} anew`, async () => {
    const pid = await mainPid(stage, unit);
    return pid !== "0" && pid !== before && (await isActive(stage, unit));
  });
}

/** Installs program, user, units and settings, as a package would. */
export async function install(stage: Stage): Promise<void> {
  const facts =
    "uname -r; systemctl --version | head -1; nproc; cat /sys/devices/system/node/online";
  stage.see(
    `kernel, systemd, PUs, NUMA nodes: ${(await guest(stage, facts)).replaceAll("\n", ", ")}`,
  );
  await guest(
    stage,
    `ip link set "$(ls /sys/class/net | grep -v lo)" up
    ip address add 10.0.2.15/24 dev "$(ls /sys/class/net | grep -v lo)"
    cat >/usr/bin/fleetsweep <<'END'
#!/bin/sh
main=coordinator
[ "\${1-}" != agent ] || main=agent
exec /opt/fleetsweep/bin/node /opt/fleetsweep/dist/$main/main.js "$@"
END
    chmod 755 /usr/bin/fleetsweep
    useradd --system --home-dir ${state} --shell /usr/sbin/nologin fleetsweep
    mkdir -p ${state}/agent /etc/fleetsweep
    cp -r /opt/fleetsweep/state/coordinator /opt/fleetsweep/state/nats ${state}/
    cp /opt/fleetsweep/state/join.token ${state}/agent/
    chown -R fleetsweep:fleetsweep ${state}
    ln -s ${state}/nats/nats-server.conf /etc/fleetsweep/nats.conf
    echo 'FLEETSWEEP_COORDINATOR_FLAGS=--listen 0.0.0.0:7421 --nats tls://127.0.0.1:4222 --bus-config ${state}/nats' \\
      >/etc/fleetsweep/coordinator.env
    echo 'FLEETSWEEP_AGENT_FLAGS=--nats tls://127.0.0.1:4222 --join ${state}/agent/join.token' >/etc/fleetsweep/agent.env
    for unit in coordinator agent; do
      mkdir -p ${units}/fleetsweep-$unit.service.d
      printf '[Service]\nTimeoutStartSec=600\n' >${units}/fleetsweep-$unit.service.d/slow.conf
    done
    cp /opt/fleetsweep/systemd/*.service /opt/fleetsweep/systemd/*.slice ${units}/
    systemctl daemon-reload
    systemd-analyze verify --man=no ${units}/fleetsweep-{nats,coordinator,agent}.service ${units}/fleetsweep.slice`,
  );
}

export async function startUnits(stage: Stage): Promise<void> {
  for (const unit of ["fleetsweep-nats", "fleetsweep-coordinator", "fleetsweep-agent"]) {
    await guest(stage, `systemctl start ${unit}`, patienceMs);
    await until(stage, `${unit} has said that it is ready`, () => isActive(stage, unit));
  }
  const { operator } = stage;
  await until(stage, "the host has joined with its token, by mutual TLS", () =>
    operator.sees("vm-host"),
  );
}

/** Runs a sweep and demands that every launch was measured, on its plan, and bound in this way. */
async function expectSweep(stage: Stage, file: string, tool: string, scope: string): Promise<void> {
  let swept = await stage.operator.sweep(file);
  // An agent that was started a moment ago is not connected yet.
  for (let again = 0; again < 10 && swept.code === 2; again += 1) {
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
  see(
    `  ${placement}, memory ${policy}: ${outcome}, ${verdict}, bound by ${bindingTool}, scope of ${scope}`,
  );
  if (outcome !== "measured" || bindingTool !== wanted.tool || scope !== wanted.scope) fail(detail);
  if (/knob-not-effective|off-plan/.test(detail)) fail(detail);
}

/** Writes what the kernel grants each scope, once a look. */
const watch = `cat >/run/watch.sh <<'END'
while :; do
  for scope in /sys/fs/cgroup/fleetsweep.slice/fleetsweep-launch-*.scope; do
    read -r pus <"$scope/cpuset.cpus.effective" && read -r nodes <"$scope/cpuset.mems.effective" &&
      echo "\${scope##*/} $pus $nodes" >>/run/scopes
  done 2>/dev/null
  sleep 1
done
END
: >/run/scopes
systemd-run --quiet --collect --unit=watch bash /run/watch.sh`;

export async function shippedUnit(stage: Stage): Promise<void> {
  await expectSweep(stage, "short.yaml", "numactl", "none");
}

export async function rootAgent(stage: Stage): Promise<void> {
  await guest(
    stage,
    `mkdir -p ${units}/fleetsweep-agent.service.d
    printf '[Service]\\nUser=root\\n' >${units}/fleetsweep-agent.service.d/root.conf
    ${readUnits}
    systemctl restart fleetsweep-agent
    ${watch}`,
    patienceMs,
  );
  await expectSweep(stage, "sweep.yaml", "systemd+numactl", "system");
  const seen = (await guest(stage, "systemctl stop watch; sort -u /run/scopes")).split("\n");
  const sets = seen.map((line) => line.split(" ").slice(1).join(" with NUMA nodes "));
  for (const set of [...new Set(sets)].sort()) {
    stage.see(`  ${sets.filter((other) => other === set).length} scopes had the PUs ${set}`);
  }
  // Both packages with their own memory, and the host as a whole.
  for (const wanted of [
    "0-1 with NUMA nodes 0",
    "2-3 with NUMA nodes 1",
    "0-3 with NUMA nodes 0-1",
  ]) {
    if (!sets.includes(wanted)) fail(`no scope had the PUs ${wanted}`);
  }
  await expectEmptySlice(stage);
}

async function expectEmptySlice(stage: Stage): Promise<void> {
  const find =
    "find /sys/fs/cgroup/fleetsweep.slice -name cgroup.procs -exec cat {} + 2>/dev/null || true";
  await until(
    stage,
    "nothing is left in fleetsweep.slice",
    async () => (await guest(stage, find)) === "",
  );
}

export async function killedAgent(stage: Stage): Promise<void> {
  const swept = stage.operator.sweep("short.yaml");
  const scopes =
    "cat /sys/fs/cgroup/fleetsweep.slice/fleetsweep-launch-*/cgroup.procs 2>/dev/null | wc -l";
  await until(stage, "both instances run in their scopes", async () => {
    return Number(await guest(stage, scopes)) >= 2;
  });
  const pid = await mainPid(stage, "fleetsweep-agent");
  await guest(stage, `kill -9 ${pid}`);
  await untilAnew(stage, "fleetsweep-agent", pid);
  const { code, stderr } = await swept;
  if (code !== 0) fail(`the sweep ended with ${code}: ${stderr.slice(-1_000)}`);
  const said = "journalctl -u fleetsweep-agent -o cat | grep -m1 -o 'processes_ended.*'";
  stage.see(`the sweep has ended well; the new agent: ${await guest(stage, said)}`);
  await expectEmptySlice(stage);
}

export async function watchdog(stage: Stage): Promise<void> {
  const directory = `${units}/fleetsweep-coordinator.service.d`;
  await guest(
    stage,
    `mkdir -p ${directory}
    printf '[Service]\\nWatchdogSec=20\\nTimeoutAbortSec=2\\n' >${directory}/quick.conf
    ${readUnits}
    systemctl restart fleetsweep-coordinator`,
    patienceMs,
  );
  const pid = await mainPid(stage, "fleetsweep-coordinator");
  await sleep(25_000);
  if ((await mainPid(stage, "fleetsweep-coordinator")) !== pid)
    fail("it turned, and was started anew");
  stage.see("a coordinator whose event loop turns stays");
  await guest(stage, `kill -STOP ${pid}`);
  await untilAnew(stage, "fleetsweep-coordinator", pid);
  const said = "journalctl -u fleetsweep-coordinator -o cat | grep -m1 'Watchdog timeout'";
  stage.see(await guest(stage, said));
}

/** The very line of docs/systemd.md, with this fleet's addresses. */
export async function transientAgent(stage: Stage): Promise<void> {
  const file = fileURLToPath(new URL("../../docs/systemd.md", import.meta.url));
  const text = await readFile(file, "utf8");
  const line =
    text.split("\n").find((words) => words.startsWith("systemd-run --unit")) ?? fail("no line");
  const here = line
    .replaceAll("10.0.0.1:7421", "127.0.0.1:7421")
    .replaceAll("nats://10.0.0.1", "tls://127.0.0.1");
  await guest(stage, `systemctl stop fleetsweep-agent\n${here}`, patienceMs);
  await expectSweep(stage, "short.yaml", "systemd+numactl", "system");
  await guest(stage, "systemctl stop fleetsweep-agent-once", patienceMs);
  const left = await stage.machine.run("systemctl cat fleetsweep-agent-once");
  if (left.code === 0) fail("the transient unit stayed");
  stage.see("it has ended, and left no unit");
}

/** What putting a process into a scope costs beside numactl alone. */
export async function cost(stage: Stage): Promise<void> {
  const numactl = "numactl --all --physcpubind=0-1 --membind=0 -- true";
  const scope = `systemd-run --scope --quiet --collect --slice=fleetsweep.slice --property=AllowedCPUs=0-1 \
    --property=AllowedMemoryNodes=0 -- ${numactl}`;
  const script = `for way in "${numactl}" "${scope}"; do
    start=$(date +%s%N); for n in 1 2 3 4 5 6 7 8 9 10; do $way; done; echo $((($(date +%s%N) - start) / 10000000))
  done`;
  const [alone, inScope] = (await guest(stage, script)).split("\n");
  stage.see(
    `a start takes ${alone} ms with numactl alone and ${inScope} ms in a scope, mean of 10, emulated`,
  );
}
