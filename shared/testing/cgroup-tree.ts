import type { noCgroups } from "./knob-host.ts";

/** An invented unified hierarchy in which one directory was given to the agent with pid 42. */
export interface CgroupTree {
  /** Path → text; what was written to `cgroup.procs` is one pid a line, as the kernel tells it. */
  readonly texts: Record<string, string>;
  readonly directories: Set<string>;
  /** Answers as a probe of the agent's, by the kernel's rules. */
  readonly probe: typeof noCgroups & {
    hasProgram(name: string): Promise<boolean>;
    succeeds(argv: readonly string[]): Promise<boolean>;
    output(argv: readonly string[]): Promise<string | null>;
    read(path: string): Promise<string | null>;
    list(path: string): Promise<readonly string[]>;
    canWrite(path: string): Promise<boolean>;
    resolve(path: string): Promise<string>;
  };
}

export interface CgroupTreeOptions {
  readonly path?: string;
  readonly ownerUid?: number;
  readonly controllers?: string;
  readonly canWrite?: boolean;
  /** Pids beside the agent, with who started each. */
  readonly others?: Readonly<Record<string, string>>;
  /** Moving a process into the leaf fails. */
  readonly isStuck?: boolean;
  /** The kernel takes a cpuset and does not hold it. */
  readonly isLoose?: boolean;
}

const agentPid = "42";
const agentUid = 990;

/** A host whose agent of uid 990 runs alone in the delegated cgroup of its unit, unless the options say otherwise. */
export function makeCgroupTree(options: CgroupTreeOptions = {}): CgroupTree {
  const { path = "/system.slice/fleetsweep-agent.service", others = {} } = options;
  const home = `/sys/fs/cgroup${path === "/" ? "" : path}`;
  const texts: Record<string, string> = {
    "/proc/self/cgroup": `0::${path}\n`,
    "/proc/self/status": statusOf(agentPid, "1"),
    [`/proc/${agentPid}/status`]: statusOf(agentPid, "1"),
    [`${home}/cgroup.procs`]: [agentPid, ...Object.keys(others)].map((pid) => `${pid}\n`).join(""),
    [`${home}/cgroup.controllers`]: options.controllers ?? "cpuset cpu memory pids\n",
    [`${home}/cgroup.subtree_control`]: "\n",
  };
  for (const [pid, parent] of Object.entries(others)) {
    texts[`/proc/${pid}/status`] = statusOf(pid, parent);
  }
  const directories = new Set([home]);
  const write = (file: string, text: string): boolean => {
    if (file.endsWith("/cgroup.procs")) {
      if (options.isStuck === true) return false;
      move(texts, text, file);
    } else texts[file] = text;
    return true;
  };
  const probe: CgroupTree["probe"] = {
    hasProgram: () => Promise.resolve(false),
    succeeds: () => Promise.resolve(false),
    output: (argv) => Promise.resolve(runEntered(argv, { texts, home, isLoose: options.isLoose })),
    read: (file) => Promise.resolve(texts[file] ?? null),
    list: () => Promise.resolve([]),
    canWrite: () => Promise.resolve(options.canWrite ?? true),
    resolve: (file) => Promise.resolve(file),
    owner: () => Promise.resolve(options.ownerUid ?? agentUid),
    write: (file, text) => Promise.resolve(write(file, text)),
    makeDirectory: (directory) => Promise.resolve(Boolean(directories.add(directory))),
    removeDirectory: (directory) => Promise.resolve(directories.delete(directory)),
  };
  return { texts, directories, probe };
}

function statusOf(pid: string, parent: string): string {
  const uids = `Uid:\t${agentUid}\t${agentUid}\t${agentUid}\t${agentUid}`;
  return `Name:\tx\nPid:\t${pid}\nPPid:\t${parent}\n${uids}\nCpus_allowed_list:\t0-3\n`;
}

/** A process is in one cgroup at a time. */
function move(texts: Record<string, string>, pid: string, to: string): void {
  for (const file of Object.keys(texts).filter((name) => name.endsWith("/cgroup.procs"))) {
    texts[file] = (texts[file] ?? "").replace(new RegExp(`^${pid}\n`, "m"), "");
  }
  texts[to] = `${texts[to] ?? ""}${pid}\n`;
}

/** `sh -c TEXT DIRECTORY PUS NODES …`: what it runs is limited where the controller was handed down. */
function runEntered(
  [shell, , , directory, pus]: readonly string[],
  host: {
    readonly texts: Readonly<Record<string, string>>;
    readonly home: string;
    readonly isLoose: boolean | undefined;
  },
): string | null {
  if (shell !== "sh" || !directory?.startsWith(`${host.home}/`)) return null;
  const isHeld = host.texts[`${host.home}/cgroup.subtree_control`] === "+cpuset";
  if (!isHeld) return null;
  return `Cpus_allowed_list:\t${host.isLoose === true ? "0-3" : pus}\n`;
}
