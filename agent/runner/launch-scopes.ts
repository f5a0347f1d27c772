import { subtreeOf } from "../knobs/delegated-tree.ts";
import type { KnobHostProbe } from "../knobs/host-probe.ts";
import type { ServiceManager } from "../knobs/knob.ts";
import { launchSlice } from "../knobs/scope.ts";
import { scopePrefix } from "../knobs/scope-names.ts";
import type { HostFiles } from "./launch-files.ts";

/** The edges that ending scopes needs; tests put others here. */
export interface ScopeDeps extends Pick<KnobHostProbe, "write" | "removeDirectory"> {
  readonly files: HostFiles;
  /** Whose user manager may hold scopes of this agent. */
  readonly uid: number;
  /** Runs a program to its end; false where it fails. */
  readonly run: (
    argv: readonly string[],
    environment: Readonly<Record<string, string>>,
  ) => Promise<boolean>;
  readonly sleep: (ms: number) => Promise<void>;
}

const limits = {
  /** The kernel takes a moment to end what was killed: so many looks at the most. */
  looks: 50,
  betweenLooksMs: 100,
} as const;

export interface EndedScopes {
  /** Scopes and cgroups that still had a process. */
  readonly killed: number;
  /** Those that have one still. */
  readonly left: readonly string[];
}

/**
 * Ends whatever is left in the scopes and cgroups of a launch: also a process that left its process group,
 * changed its user or cleared its environment. Cgroups that the agent made are removed.
 */
export async function endScopes(launchId: string, deps: ScopeDeps): Promise<EndedScopes> {
  const killed = new Set<string>();
  for (let look = 0; look < limits.looks; look += 1) {
    const found = await findLeft(launchId, deps);
    if (found.length === 0) return { killed: killed.size, left: [] };
    for (const { unit, kill } of found) {
      if (killed.has(unit)) continue;
      killed.add(unit);
      await kill();
    }
    await deps.sleep(limits.betweenLooksMs);
  }
  const left = await findLeft(launchId, deps);
  return { killed: killed.size, left: left.map(({ unit }) => unit) };
}

interface LeftScope {
  readonly unit: string;
  readonly kill: () => Promise<unknown>;
}

async function findLeft(launchId: string, deps: ScopeDeps): Promise<readonly LeftScope[]> {
  return [...(await findScopes(launchId, deps)), ...(await findCgroups(launchId, deps))];
}

async function findScopes(launchId: string, { files, uid, run }: ScopeDeps): Promise<LeftScope[]> {
  const places: readonly (ServiceManager & { readonly above: string })[] = [
    { manager: "system", above: "", environment: {} },
    {
      manager: "user",
      above: `/user.slice/user-${uid}.slice/user@${uid}.service`,
      environment: { XDG_RUNTIME_DIR: `/run/user/${uid}` },
    },
  ];
  const found: LeftScope[] = [];
  for (const { above, manager, environment } of places) {
    const slice = `/sys/fs/cgroup${above}/${launchSlice}`;
    const names = await files.list(slice);
    for (const unit of names.filter((name) => name.startsWith(scopePrefix(launchId)))) {
      if (!(await isPopulated(files, `${slice}/${unit}`))) continue;
      const scope = manager === "user" ? ["--user"] : [];
      const argv = ["systemctl", ...scope, "kill", "--signal=SIGKILL", unit];
      found.push({ unit, kill: () => run(argv, environment) });
    }
  }
  return found;
}

/** In the subtree that was given to the agent; those that are empty are removed on the way. */
async function findCgroups(launchId: string, deps: ScopeDeps): Promise<LeftScope[]> {
  const { files, write, removeDirectory } = deps;
  const tree = subtreeOf(await files.read("/proc/self/cgroup"));
  if (tree === null) return [];
  const found: LeftScope[] = [];
  const names = await files.list(tree);
  for (const unit of names.filter((name) => name.startsWith(scopePrefix(launchId)))) {
    const directory = `${tree}/${unit}`;
    // A scope of systemd goes by itself.
    if (unit.endsWith(".scope")) continue;
    if (!(await isPopulated(files, directory)) && (await removeDirectory(directory))) continue;
    found.push({ unit, kill: () => write(`${directory}/cgroup.kill`, "1") });
  }
  return found;
}

async function isPopulated(files: HostFiles, directory: string): Promise<boolean> {
  const events = await files.read(`${directory}/cgroup.events`);
  return /^populated 1$/m.test(events ?? "");
}
