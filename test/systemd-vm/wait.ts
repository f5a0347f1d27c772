import { setTimeout as sleep } from "node:timers/promises";
import { fail, guest, type Stage } from "./stage.ts";

/** Of an emulated machine on a host that has other work. */
export const patienceMs = 600_000;

export async function until(
  stage: Stage,
  what: string,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!(await isSo())) {
    if (Date.now() > end) fail(`${what}, within ${patienceMs / 1_000} s`);
    await sleep(500);
  }
  stage.see(what);
}

export const isActive = async (stage: Stage, unit: string): Promise<boolean> =>
  (await stage.machine.run(`systemctl is-active ${unit}`)).output === "active";

export const mainPid = (stage: Stage, unit: string): Promise<string> =>
  guest(stage, `systemctl show --property=MainPID --value ${unit}`);

/** Until systemd has another process for the unit, which has said that it is ready. */
export async function untilAnew(stage: Stage, unit: string, before: string): Promise<void> {
  await until(stage, `systemd has started ${unit} anew`, async () => {
    const pid = await mainPid(stage, unit);
    return pid !== "0" && pid !== before && (await isActive(stage, unit));
  });
}

/** Does not wait for systemctl, which gives up where systemd tries a slow start again. */
export async function restart(stage: Stage, unit: string): Promise<void> {
  const pid = await mainPid(stage, unit);
  await guest(stage, `systemctl restart --no-block ${unit}`);
  await untilAnew(stage, unit, pid);
}

const units = "/etc/systemd/system";
const readUnits = "systemctl daemon-reload";

/** Settings of a unit beyond those that it is shipped with; null takes them away again. */
export async function dropIn(
  stage: Stage,
  { unit, name, service }: { unit: string; name: string; service: readonly string[] | null },
): Promise<void> {
  const directory = `${units}/${unit}.service.d`;
  const write =
    service === null
      ? `rm -f ${directory}/${name}.conf`
      : `mkdir -p ${directory}; printf '[Service]\\n${service.join("\\n")}\\n' >${directory}/${name}.conf`;
  await guest(stage, `${write}\n${readUnits}`);
}
