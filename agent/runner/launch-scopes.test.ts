import { expect, test } from "vitest";
import { fakeHostFiles } from "../../shared/testing/host-files.ts";
import { readCgroup } from "./cgroup-evidence.ts";
import { endScopes } from "./launch-scopes.ts";

const tree = "/sys/fs/cgroup/system.slice/fleetsweep-agent.service";
const system = "/sys/fs/cgroup/fleetsweep.slice";
const user = "/sys/fs/cgroup/user.slice/user-990.slice/user@990.service/fleetsweep.slice";

/** A host whose scopes end when they are killed, but for those that `outlive` it. */
function makeHost(scopes: readonly string[], outlive: readonly string[] = []) {
  const texts = Object.fromEntries(
    scopes.map((scope) => [`${scope}/cgroup.events`, "populated 1\nfrozen 0\n"]),
  );
  texts["/proc/self/cgroup"] = "0::/system.slice/fleetsweep-agent.service/agent\n";
  const killed: string[] = [];
  const removed: string[] = [];
  return {
    killed,
    removed,
    deps: {
      files: fakeHostFiles(texts),
      uid: 990,
      run: async (argv: readonly string[], environment: Readonly<Record<string, string>>) => {
        const unit = argv.at(-1) ?? "";
        killed.push([...argv, ...Object.keys(environment)].join(" "));
        for (const path of Object.keys(texts)) {
          if (path.includes(unit) && !outlive.includes(unit)) texts[path] = "populated 0\n";
        }
        return true;
      },
      sleep: () => Promise.resolve(),
      write: async (path: string) => {
        killed.push(path);
        const directory = path.replace("/cgroup.kill", "");
        if (!outlive.includes(directory)) texts[`${directory}/cgroup.events`] = "populated 0\n";
        return true;
      },
      removeDirectory: async (directory: string) => {
        removed.push(directory);
        return delete texts[`${directory}/cgroup.events`];
      },
    },
  };
}

test("what is left of a launch is killed by its scopes, of both managers, and nothing of another launch", async () => {
  const { deps, killed } = makeHost([
    `${system}/fleetsweep-launch-a-0.scope`,
    `${system}/fleetsweep-launch-ab-0.scope`,
    `${user}/fleetsweep-launch-a-1.scope`,
  ]);
  expect(await endScopes("a", deps)).toEqual({ killed: 2, left: [] });
  expect(killed).toEqual([
    "systemctl kill --signal=SIGKILL fleetsweep-launch-a-0.scope",
    "systemctl --user kill --signal=SIGKILL fleetsweep-launch-a-1.scope XDG_RUNTIME_DIR",
  ]);
});

test("a launch without scopes starts no program", async () => {
  const { deps, killed } = makeHost([]);
  expect(await endScopes("a", deps)).toEqual({ killed: 0, left: [] });
  expect(killed).toEqual([]);
});

test("a scope that does not end is killed once, waited for within a bound, and named", async () => {
  const unit = "fleetsweep-launch-a-0.scope";
  const { deps, killed } = makeHost([`${system}/${unit}`], [unit]);
  expect(await endScopes("a", deps)).toEqual({ killed: 1, left: [unit] });
  expect(killed).toHaveLength(1);
});

test("cgroups that the agent made for a launch are killed as a whole, and removed once they are empty", async () => {
  const { deps, killed, removed } = makeHost([
    `${tree}/fleetsweep-launch-a-0`,
    `${tree}/fleetsweep-launch-b-0`,
  ]);
  expect(await endScopes("a", deps)).toEqual({ killed: 1, left: [] });
  expect(killed).toEqual([`${tree}/fleetsweep-launch-a-0/cgroup.kill`]);
  expect(removed).toEqual([`${tree}/fleetsweep-launch-a-0`]);
  expect(await endScopes("a", deps)).toEqual({ killed: 0, left: [] });
});

test("a cgroup that does not get empty is named and left", async () => {
  const directory = `${tree}/fleetsweep-launch-a-0`;
  const { deps, removed } = makeHost([directory], [directory]);
  expect(await endScopes("a", deps)).toEqual({ killed: 1, left: ["fleetsweep-launch-a-0"] });
  expect(removed).toEqual([]);
});

test("the cgroup of a process is read with what the kernel grants it", async () => {
  const path = "/fleetsweep.slice/fleetsweep-launch-a-0.scope";
  const files = fakeHostFiles({
    "/proc/9/cgroup": `12:cpuset:/x\n0::${path}\n`,
    [`/sys/fs/cgroup${path}/cpuset.cpus.effective`]: "0-1\n",
  });
  expect(await readCgroup(files, 9)).toEqual({ path, cpus: [0, 1], memoryNodes: null });
  expect(await readCgroup(files, 10)).toBeNull();
});
