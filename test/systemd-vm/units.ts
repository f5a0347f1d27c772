import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expectSweep } from "./launches.ts";
import { fail, guest, type Stage } from "./stage.ts";
import { dropIn, isActive, mainPid, patienceMs, restart, until, untilAnew } from "./wait.ts";

const units = "/etc/systemd/system";
const state = "/var/lib/fleetsweep";

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
    ln -s fleetsweep /usr/bin/fleetsweep-agent
    for user in fleetsweep fleetsweep-agent; do useradd --system --home-dir ${state} --shell /usr/sbin/nologin $user; done
    mkdir -p ${state}/agent /etc/fleetsweep
    cp -r /opt/fleetsweep/state/coordinator /opt/fleetsweep/state/nats ${state}/
    cp /opt/fleetsweep/state/join.token ${state}/agent/
    chown -R fleetsweep:fleetsweep ${state}/coordinator ${state}/nats
    chown -R fleetsweep-agent:fleetsweep-agent ${state}/agent
    ln -s ${state}/nats/nats-server.conf /etc/fleetsweep/nats.conf
    echo 'FLEETSWEEP_COORDINATOR_FLAGS=--listen 0.0.0.0:7421 --nats tls://127.0.0.1:4222 --bus-config ${state}/nats' \\
      >/etc/fleetsweep/coordinator.env
    echo 'FLEETSWEEP_AGENT_FLAGS=--nats tls://127.0.0.1:4222 --join ${state}/agent/join.token' >/etc/fleetsweep/agent.env
    mkdir -p /etc/systemd/system.conf.d
    printf '[Manager]\\nDefaultTimeoutStartSec=600\\n' >/etc/systemd/system.conf.d/slow.conf
    cp /opt/fleetsweep/systemd/*.service /opt/fleetsweep/systemd/*.slice ${units}/
    systemctl daemon-reload
    systemd-analyze verify --man=no ${units}/fleetsweep-{nats,coordinator,agent}.service ${units}/fleetsweep.slice`,
  );
}

export async function startUnits(stage: Stage): Promise<void> {
  for (const unit of ["fleetsweep-nats", "fleetsweep-coordinator", "fleetsweep-agent"]) {
    // A start that takes too long on a busy host is tried again by systemd.
    await guest(stage, `systemctl start --no-block ${unit}`);
    await until(stage, `${unit} has said that it is ready`, () => isActive(stage, unit));
  }
  const { operator } = stage;
  await until(stage, "the host has joined with its token, by mutual TLS", () =>
    operator.sees("vm-host"),
  );
  await expectHeard(stage);
}

/** No word of a program was lost: systemd knew of each whose it was. */
async function expectHeard(stage: Stage): Promise<void> {
  const lost =
    "journalctl -b -o cat _PID=1 | grep -c 'Cannot find unit for notify message' || true";
  const count = await guest(stage, lost);
  stage.see(`words to systemd that belonged to no unit: ${count}`);
  if (count !== "0") fail("a word to systemd was lost");
}

/** A coordinator that is started before its NATS server says so, and serves once that is there. */
export async function natsAway(stage: Stage): Promise<void> {
  const unit = "fleetsweep-coordinator";
  await guest(stage, `systemctl stop ${unit} fleetsweep-nats\nsystemctl start --no-block ${unit}`);
  const status = `systemctl show --property=StatusText --value ${unit}`;
  await until(stage, "a coordinator without NATS tells systemd what it waits for", async () =>
    (await guest(stage, status)).startsWith("not serving"),
  );
  stage.see(`  ${await guest(stage, `systemctl is-active ${unit} || true; ${status}`)}`);
  const pid = await mainPid(stage, unit);
  await guest(stage, "systemctl start fleetsweep-nats", patienceMs);
  await until(stage, "it serves once NATS is there", () => isActive(stage, unit));
  if ((await mainPid(stage, unit)) !== pid) fail("it was another process: it did not wait");
}

export async function watchdog(stage: Stage): Promise<void> {
  const unit = "fleetsweep-coordinator";
  // Long enough for a beat in time on a slow machine.
  await dropIn(stage, { unit, name: "quick", service: ["WatchdogSec=40", "TimeoutAbortSec=2"] });
  await restart(stage, unit);
  const pid = await mainPid(stage, unit);
  await sleep(50_000);
  if ((await mainPid(stage, unit)) !== pid) fail("it turned, and was started anew");
  stage.see("a coordinator whose event loop turns stays");
  await guest(stage, `kill -STOP ${pid}`);
  await untilAnew(stage, unit, pid);
  const said = `journalctl -u ${unit} -o cat | grep -m1 'Watchdog timeout'`;
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
