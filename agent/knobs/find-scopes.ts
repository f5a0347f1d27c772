import { parseCpuList } from "../../shared/domain/cpuset.ts";
import { findDelegated } from "./find-delegated.ts";
import type { KnobHostProbe } from "./host-probe.ts";
import type { LaunchScopes, ServiceManager } from "./knob.ts";
import { parseField } from "./proc-status.ts";
import { launchSlice, systemdRun } from "./scope.ts";

/** What decides which service manager launches may be put under. */
export interface ScopeFacts {
  /** sd_booted(3): the directory that systemd makes as the first process of a host. */
  readonly isBooted: boolean;
  /** The controllers of the unified hierarchy; null where there is none. */
  readonly controllers: string | null;
  readonly hasSystemdRun: boolean;
  readonly uid: number | null;
  /** The user's own service manager listens. */
  readonly hasUserManager: boolean;
}

/**
 * Whose scopes launches run in: the host's for an agent of root, the user's own for any other, for the host's
 * manager would do anything for whoever may ask it for a scope.
 */
export function chooseManager(facts: ScopeFacts): Pick<ServiceManager, "manager"> | string {
  if (!facts.isBooted) return "systemd is not the first process of this host";
  if (facts.controllers === null) return "the host has no unified cgroup hierarchy";
  if (!facts.controllers.split(/\s+/).includes("cpuset")) {
    return "the unified cgroup hierarchy has no cpuset controller";
  }
  if (!facts.hasSystemdRun) return "systemd-run is not installed";
  if (facts.uid === 0) return { manager: "system" };
  if (facts.hasUserManager) return { manager: "user" };
  return "only root may ask the host's service manager for scopes, and this user has none of its own";
}

/**
 * Cgroups that this agent makes itself, where it is not root and a subtree was given to it, else scopes of a
 * service manager.
 */
export async function findScopes(probe: KnobHostProbe): Promise<LaunchScopes> {
  const status = await probe.read("/proc/self/status");
  const uid = parseUid(status);
  const pu = parseCpuList(parseField(status, "Cpus_allowed_list")).cpus.at(-1) ?? 0;
  if (uid === null || uid === 0) return await findManager(probe, { uid, pu });
  const delegated = await findDelegated(probe, { uid, pu });
  if (typeof delegated !== "string") return delegated;
  const managed = await findManager(probe, { uid, pu });
  if (managed.manager !== null) return managed;
  return { manager: null, problem: `${managed.problem}; ${delegated}` };
}

/** Decides, and believes it only when a trial scope was limited to the one PU that it asked for. */
async function findManager(
  probe: KnobHostProbe,
  { uid, pu }: { readonly uid: number | null; readonly pu: number },
): Promise<LaunchScopes> {
  const runtimeDirectory = `/run/user/${uid}`;
  const chosen = chooseManager({
    isBooted: (await probe.list("/run/systemd")).includes("system"),
    controllers: await probe.read("/sys/fs/cgroup/cgroup.controllers"),
    hasSystemdRun: await probe.hasProgram("systemd-run"),
    uid,
    hasUserManager: (await probe.list(`${runtimeDirectory}/systemd`)).includes("private"),
  });
  if (typeof chosen === "string") return { manager: null, problem: chosen };
  const { manager } = chosen;
  const environment: Record<string, string> =
    manager === "user" ? { XDG_RUNTIME_DIR: runtimeDirectory } : {};
  const scopes = { manager, environment };
  return (await tryScope(probe, scopes, pu)) ?? scopes;
}

/** Null where it worked. */
async function tryScope(
  probe: KnobHostProbe,
  scopes: ServiceManager,
  pu: number,
): Promise<LaunchScopes | null> {
  const placement = { pus: [pu], memoryNodes: [], memoryPolicy: "local" as const, threads: 1 };
  const prefix = systemdRun(scopes, placement, { launchId: null, index: 0 });
  const argv = [...prefix, "cat", "/proc/self/status", "/proc/self/cgroup"];
  const output = await probe.output(argv, scopes.environment);
  if (output === null) {
    return { manager: null, problem: `the ${scopes.manager} service manager gives no scope` };
  }
  if (parseField(output, "Cpus_allowed_list") !== `${pu}` || !output.includes(`/${launchSlice}/`)) {
    const problem = `a scope of the ${scopes.manager} service manager does not limit PUs`;
    return { manager: null, problem };
  }
  return null;
}

/** The effective one of the four in /proc/PID/status. */
function parseUid(status: string | null): number | null {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status ?? "")?.[1];
  return uid === undefined ? null : Number(uid);
}
