import type { ScopeManager } from "../knobs/knob.ts";
import { launchSlice, scopePrefix } from "../knobs/scope.ts";
import type { HostFiles } from "./launch-system.ts";

/** The edges that ending scopes needs; tests put others here. */
export interface ScopeDeps {
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
  /** Scopes that still had a process. */
  readonly killed: number;
  /** Scopes that have one still. */
  readonly left: readonly string[];
}

/**
 * Ends whatever is left in the scopes of a launch, by their cgroups: also a process that left its process
 * group, changed its user or cleared its environment.
 */
export async function endScopes(launchId: string, deps: ScopeDeps): Promise<EndedScopes> {
  const killed = new Set<string>();
  for (let look = 0; look < limits.looks; look += 1) {
    const found = await findPopulated(launchId, deps);
    if (found.length === 0) return { killed: killed.size, left: [] };
    for (const { unit, manager, environment } of found) {
      if (killed.has(unit)) continue;
      killed.add(unit);
      const scope = manager === "user" ? ["--user"] : [];
      await deps.run(["systemctl", ...scope, "kill", "--signal=SIGKILL", unit], environment);
    }
    await deps.sleep(limits.betweenLooksMs);
  }
  const left = await findPopulated(launchId, deps);
  return { killed: killed.size, left: left.map(({ unit }) => unit) };
}

interface FoundScope extends ScopeManager {
  readonly unit: string;
}

async function findPopulated(launchId: string, { files, uid }: ScopeDeps): Promise<FoundScope[]> {
  const places: readonly (ScopeManager & { readonly above: string })[] = [
    { manager: "system", above: "", environment: {} },
    {
      manager: "user",
      above: `/user.slice/user-${uid}.slice/user@${uid}.service`,
      environment: { XDG_RUNTIME_DIR: `/run/user/${uid}` },
    },
  ];
  const found: FoundScope[] = [];
  for (const { above, ...scopes } of places) {
    const slice = `/sys/fs/cgroup${above}/${launchSlice}`;
    const names = await files.list(slice);
    for (const unit of names.filter((name) => name.startsWith(scopePrefix(launchId)))) {
      const events = await files.read(`${slice}/${unit}/cgroup.events`);
      if (/^populated 1$/m.test(events ?? "")) found.push({ ...scopes, unit });
    }
  }
  return found;
}
