import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../../shared/runtime/logger.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { type BusUsersDeps, serverConfigFile, serverPidFile, syncBusUsers } from "./bus-users.ts";
import { registerHost } from "./enrolled-hosts.ts";
import { BusKeeper } from "./keep-bus-users.ts";
import { coordinatorUser, hostUser } from "./nats-permissions.ts";
import { revocationsFile, revoke } from "./revocations.ts";

const plain = {
  port: 4222,
  authorization: { timeout: 5, users: [coordinatorUser("c1"), hostUser("awaited")] },
};
let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
let reloaded: number[];
let deps: BusUsersDeps;

beforeEach(async () => {
  directory = await makeTemporaryDirectory();
  reloaded = [];
  const authorityDirectory = join(directory.path, "ca");
  const bus = join(directory.path, "nats");
  for (const path of [join(authorityDirectory, "hosts"), bus])
    await mkdir(path, { recursive: true });
  await writeFile(join(bus, serverConfigFile), JSON.stringify(plain));
  await writeFile(join(bus, serverPidFile), "4321\n");
  deps = {
    directory: bus,
    authorityDirectory,
    server: {
      reload: (pid) => reloaded.push(pid),
      programOf: () => Promise.resolve("nats-server"),
      isThere: () => false,
    },
  };
});
afterEach(() => directory.remove());

const enrol = (hostId: string, nowMs: number) =>
  registerHost(deps.authorityDirectory, { hostId, tokenId: "t", nowMs });
const revokeHost = (name: string, at_ms: number) =>
  revoke(revocationsFile(deps.authorityDirectory), { at_ms, kind: "host", name, reason: "" });

async function readConfig() {
  const text = await readFile(join(deps.directory, serverConfigFile), "utf8");
  return JSON.parse(text) as {
    port: number;
    authorization: { timeout: number; users: { user: string }[] };
  };
}
const usersNow = async (): Promise<string[]> =>
  (await readConfig()).authorization.users.map(({ user }) =>
    user.replace("fleetsweep://fleet/", ""),
  );

test("a host that enrols may publish its own results at once, and everybody else stays", async () => {
  await enrol("h1", 1);
  expect(await syncBusUsers(deps)).toBe(true);
  expect(await usersNow()).toEqual(["coordinator/c1", "host/awaited", "host/h1"]);
  expect(await readConfig()).toMatchObject({ port: 4222, authorization: { timeout: 5 } });
  expect((await readConfig()).authorization.users.at(-1)).toEqual(hostUser("h1"));
  expect(reloaded).toEqual([4321]);
});

test("where nothing changed, the server is left alone", async () => {
  expect(await syncBusUsers(deps)).toBe(false);
  expect(reloaded).toEqual([]);
});

test("a revoked host is taken out, also one that never enrolled, and comes back when it enrols again", async () => {
  await enrol("h1", 1);
  await syncBusUsers(deps);
  for (const hostId of ["h1", "awaited"]) await revokeHost(hostId, 2);
  await syncBusUsers(deps);
  expect(await usersNow()).toEqual(["coordinator/c1"]);
  await enrol("h1", 3);
  await syncBusUsers(deps);
  expect(await usersNow()).toEqual(["coordinator/c1", "host/h1"]);
  expect(reloaded).toHaveLength(3);
});

test.each([
  ["another program has the number by now", "4321", "sshd"],
  ["the server does not run", "4321", null],
  ["there is no number", "", "nats-server"],
  ["the number would reach everybody", "-1", "nats-server"],
])("no signal where %s", async (_what, pid, program) => {
  await writeFile(join(deps.directory, serverPidFile), pid);
  await enrol("h1", 1);
  const server = { ...deps.server, programOf: () => Promise.resolve(program) };
  expect(await syncBusUsers({ ...deps, server })).toBe(true);
  expect(reloaded).toEqual([]);
});

test("a server that runs and is hidden is a problem that is told, and tried again until it has heard", async () => {
  await enrol("h1", 1);
  let isHidden = true;
  const server = {
    ...deps.server,
    programOf: () => Promise.resolve(isHidden ? null : "nats-server"),
    isThere: () => true,
  };
  await expect(syncBusUsers({ ...deps, server })).rejects.toMatchObject({
    message: expect.stringContaining("the process 4321"),
  });
  await writeFile(join(deps.directory, serverConfigFile), JSON.stringify(plain));
  let looks = 0;
  const stop = new AbortController();
  const pause = async (): Promise<void> => {
    looks += 1;
    if (looks === 2) isHidden = false;
    if (looks === 4) stop.abort();
  };
  await new BusKeeper({ ...deps, server, clock: { pause }, logger: silentLogger }).run(stop.signal);
  expect(reloaded).toEqual([4321]);
});

test("a directory without a configuration of ours is a problem with its place", async () => {
  const file = join(deps.directory, serverConfigFile);
  await writeFile(file, "port: 4222 # by hand");
  await expect(syncBusUsers(deps)).rejects.toMatchObject({
    code: "config.invalid",
    message: expect.stringContaining(file),
  });
});

test("what a verb or another coordinator changed is noticed at the next look", async () => {
  const stop = new AbortController();
  const turns: (() => Promise<void>)[] = [() => enrol("h1", 1), () => revokeHost("h1", 2)];
  const seen: string[][] = [];
  const pause = async (): Promise<void> => {
    seen.push(await usersNow());
    const next = turns.shift();
    if (next === undefined) stop.abort();
    await next?.();
  };
  await new BusKeeper({ ...deps, clock: { pause }, logger: silentLogger }).run(stop.signal);
  const before = ["coordinator/c1", "host/awaited"];
  expect(seen).toEqual([before, [...before, "host/h1"], before]);
});
