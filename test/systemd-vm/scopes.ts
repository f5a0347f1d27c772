import { findScopes } from "../../agent/knobs/find-scopes.ts";
import { readKnobHost } from "../../agent/knobs/host.ts";
import { type KnobHostProbe } from "../../agent/knobs/host-probe.ts";
import type { KnobHost } from "../../agent/knobs/knob.ts";
import { type NamedSetting, setKnobs } from "../../agent/knobs/registry.ts";
import { readCgroup } from "../../agent/runner/cgroup-evidence.ts";
import type { HostFiles } from "../../agent/runner/launch-files.ts";
import { endScopes } from "../../agent/runner/launch-scopes.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import { noCgroups } from "../../shared/testing/knob-host.ts";
import type { Machine } from "./machine.ts";
import { fail, guest, type Stage } from "./stage.ts";

/** The agent's own code decides here, on this host, and its commands run in the guest: no program is needed there. */
const placement: InstancePlacement = {
  pus: [2, 3],
  memoryNodes: [1],
  memoryPolicy: "bind",
  threads: 2,
};
const launchId = "0a1b2c";

const quote = (words: readonly string[]): string =>
  words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");

function guestFiles(machine: Machine): HostFiles {
  return {
    read: async (path) => {
      const { code, output } = await machine.run(`cat ${quote([path])}`);
      return code === 0 ? output : null;
    },
    list: async (path) => (await machine.run(`ls -A ${quote([path])}`)).output.split("\n"),
  };
}

function guestProbe(machine: Machine, as: readonly string[] = []): KnobHostProbe {
  const files = guestFiles(machine);
  const isTrue = async (script: string) => (await machine.run(script)).code === 0;
  return {
    hasProgram: (name) => isTrue(`command -v ${quote([name])}`),
    succeeds: (argv) => isTrue(quote([...as, ...argv])),
    output: async (argv, environment) => {
      const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      const { code, output } = await machine.run(quote(["env", ...variables, ...as, ...argv]));
      return code === 0 ? output : null;
    },
    read: async (path) => {
      const { code, output } = await machine.run(quote([...as, "cat", path]));
      return code === 0 ? output : null;
    },
    list: files.list,
    canWrite: (path) => isTrue(`[ -w ${quote([path])} ]`),
    resolve: async (path) => (await machine.run(`realpath ${quote([path])}`)).output,
    // The agent's own cgroup is decided where it runs, which is not here.
    ...noCgroups,
  };
}

export async function scopesAlone(stage: Stage): Promise<void> {
  const { machine, see } = stage;
  const host = await readKnobHost(guestProbe(machine));
  see(
    `root: scopes of ${host.scopes.manager}; NUMA nodes with memory ${host.memoryNodes.join(",")}`,
  );
  if (host.scopes.manager !== "system") fail(JSON.stringify(host.scopes));
  const nobody = await findScopes(
    guestProbe(machine, ["setpriv", "--reuid=65534", "--clear-groups"]),
  );
  see(`nobody: ${nobody.manager === null ? nobody.problem : nobody.manager}`);
  if (nobody.manager !== null) fail("a user without rights got scopes");
  const settings = settingsOn(host);
  see(prefixOf(settings, 0).join(" "));
  await expectPassedThrough(stage, prefixOf(settings, 0));
  await expectHeld(stage, settings);
  await expectEnded(stage, settings);
}

function settingsOn(host: KnobHost): readonly NamedSetting[] {
  const settings = setKnobs({}, [placement], host);
  return "refused" in settings ? fail(settings.refused) : settings;
}

/** What stands before the command of an instance; each has its own, for a scope's name is taken until it is gone. */
function prefixOf(settings: readonly NamedSetting[], index: number): readonly string[] {
  return settings.flatMap(({ setting }) => setting.prefix(placement, { launchId, index }));
}

/** Pipes, environment and pid are those of the process that was spawned. */
async function expectPassedThrough(stage: Stage, prefix: readonly string[]): Promise<void> {
  const inside = `read -r line; echo "$line, $WORDS, $$"; env | cut -d= -f1 | sort | tr "\\n" " "`;
  const given = ["env", "-i", "PATH=/usr/bin:/bin", "WORDS=two words"];
  const script = `mkfifo /run/in; ${quote([...given, ...prefix, "bash", "-c", inside])} </run/in >/run/out 2>&1 &
    echo hello >/run/in; wait $!; rm /run/in; echo "$!"; cat /run/out`;
  const [pid = "", said, variables = ""] = (await guest(stage, script)).split("\n");
  if (said !== `hello, two words, ${pid}`) fail(`pid ${pid}, and inside: ${said}`);
  // What bash sets itself is no part of it, and systemd-run adds the id of the scope.
  const foreign = variables
    .trim()
    .split(" ")
    .filter((name) => !["PATH", "WORDS", "PWD", "SHLVL", "_", "INVOCATION_ID"].includes(name));
  if (foreign.length > 0) fail(`systemd-run added to the environment: ${foreign.join(" ")}`);
  stage.see("stdin, stdout, environment and pid are those that were given");
}

/** What a process in the scope tries to leave it is refused by the kernel. */
async function expectHeld(stage: Stage, settings: readonly NamedSetting[]): Promise<void> {
  const status = "grep -E '^(Cpus|Mems)_allowed_list' /proc/self/status | tr '\\n\\t' '  '";
  stage.see(await guest(stage, quote([...prefixOf(settings, 1), "bash", "-c", status])));
  const escapes = [
    ["taskset", "--cpu-list", "0", "true"],
    ["numactl", "--all", "--membind=0", "true"],
  ];
  for (const [n, escape] of escapes.entries()) {
    const argv = quote([...prefixOf(settings, 2 + n), ...escape]);
    const { code, output } = await stage.machine.run(argv);
    if (code === 0) fail(`${escape.join(" ")} left the scope`);
    stage.see(`  ${escape.join(" ")}: ${output.split("\n")[0]}`);
  }
}

/** The proof of a running instance, and the end of one that hides from its process group. */
async function expectEnded(stage: Stage, settings: readonly NamedSetting[]): Promise<void> {
  const { machine, see } = stage;
  const files = guestFiles(machine);
  const whole = prefixOf(settings, 4);
  // Without the death signal: who starts it here ends at once.
  const prefix = whole.slice(whole.indexOf("systemd-run"));
  const hide = "setsid sleep 600 & exec sleep 600";
  const start = `setsid ${quote([...prefix, "bash", "-c", hide])} </dev/null >/dev/null 2>&1 & echo $!; sleep 2`;
  const pid = Number(await guest(stage, start));
  const cgroup = await readCgroup(files, pid);
  see(
    `${cgroup?.path}: PUs ${cgroup?.cpus?.join(",")}, NUMA nodes ${cgroup?.memoryNodes?.join(",")}`,
  );
  const proof = settings.find(({ knob }) => knob === "scope")?.setting.proof ?? fail("no proof");
  const host = { hugePages: null, governor: null, hugePageBytes: null };
  const rest = {
    mappedFiles: null,
    reportedThreads: 2,
    reported: {},
    stderrHead: "",
    soloPus: [],
    allowedPus: placement.pus,
  };
  const problem = proof({ ...rest, placement, host, cgroup });
  if (problem !== null) fail(problem);
  const elsewhere = proof({ ...rest, placement: { ...placement, pus: [0, 1] }, host, cgroup });
  see(`asked for other PUs the proof says: ${elsewhere ?? fail("nothing")}`);
  await guest(stage, `kill -9 -- -${pid}`);
  const run = async (argv: readonly string[]) => (await machine.run(quote(argv))).code === 0;
  const deps = {
    files,
    uid: 0,
    run,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    ...noCgroups,
  };
  const ended = await endScopes(launchId, deps);
  see(`a process that had left its group: ${ended.killed} scope killed, ${ended.left.length} left`);
  if (ended.killed !== 1 || ended.left.length > 0) fail(JSON.stringify(ended));
}
