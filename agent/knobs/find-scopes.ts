import { parseCpuList } from "../../shared/domain/cpuset.ts";
import type { KnobHostProbe } from "./host.ts";
import type { LaunchScopes, ScopeManager } from "./knob.ts";
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
export function chooseManager(facts: ScopeFacts): Pick<ScopeManager, "manager"> | string {
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

/** Decides, and believes it only when a trial scope was limited to the one PU that it asked for. */
export async function findScopes(probe: KnobHostProbe): Promise<LaunchScopes> {
  const status = await probe.read("/proc/self/status");
  const uid = parseUid(status);
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
  return (
    (await tryScope(probe, scopes, parseCpuList(parseField(status)).cpus.at(-1) ?? 0)) ?? scopes
  );
}

/** Null where it worked. */
async function tryScope(
  probe: KnobHostProbe,
  scopes: ScopeManager,
  pu: number,
): Promise<LaunchScopes | null> {
  const placement = { pus: [pu], memoryNodes: [], memoryPolicy: "local" as const, threads: 1 };
  const prefix = systemdRun(scopes, placement, { launchId: null, index: 0 });
  const argv = [...prefix, "cat", "/proc/self/status", "/proc/self/cgroup"];
  const output = await probe.output(argv, scopes.environment);
  if (output === null) {
    return { manager: null, problem: `the ${scopes.manager} service manager gives no scope` };
  }
  if (parseField(output) !== `${pu}` || !output.includes(`/${launchSlice}/`)) {
    const problem = `a scope of the ${scopes.manager} service manager does not limit PUs`;
    return { manager: null, problem };
  }
  return null;
}

function parseField(status: string | null): string {
  return /^Cpus_allowed_list:\s*(\S+)$/m.exec(status ?? "")?.[1] ?? "";
}

/** The effective one of the four in /proc/PID/status. */
function parseUid(status: string | null): number | null {
  const uid = /^Uid:\s+\d+\s+(\d+)/m.exec(status ?? "")?.[1];
  return uid === undefined ? null : Number(uid);
}
