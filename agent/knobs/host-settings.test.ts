import { expect, test } from "vitest";
import { makeHostSettings, selected } from "./host-settings.ts";
import type { SettingsFiles } from "./settings-files.ts";

const thp = "/sys/thp";
const governor = "/sys/governor";
const boot = "/proc/sys/kernel/random/boot_id";

/** A host in memory that notes what happens in which order. */
function makeHost(changes: Readonly<Record<string, string>> = {}) {
  const files = new Map(
    Object.entries({ [thp]: "always [madvise] never\n", [governor]: "powersave\n", ...changes }),
  );
  files.set(boot, changes[boot] ?? "boot-1\n");
  const journals = new Map<string, string>();
  const events: string[] = [];
  const readonlyPaths = new Set<string>();
  const disk: SettingsFiles = {
    read: (path) => Promise.resolve(files.get(path) ?? null),
    write: (path, value) => {
      if (readonlyPaths.has(path)) return Promise.reject(new Error("EACCES"));
      events.push(`write ${path} ${value}`);
      files.set(path, path === thp ? `x [${value}] y\n` : `${value}\n`);
      return Promise.resolve();
    },
    listJournals: () => Promise.resolve([...journals.keys()]),
    readJournal: (name) => Promise.resolve(journals.get(name) ?? null),
    writeJournal: (name, text) => {
      events.push("journal");
      journals.set(name, text);
      return Promise.resolve();
    },
    removeJournal: (name) => {
      journals.delete(name);
      return Promise.resolve();
    },
  };
  const start = (pid: number, ticks: number): void => {
    files.set(`/proc/${pid}/stat`, `${pid} (a b) S ${"0 ".repeat(18)}${ticks} 0`);
  };
  const die = (pid: number): void => {
    files.delete(`/proc/${pid}/stat`);
  };
  const now = (path: string): string | null => selected(files.get(path) ?? null);
  return { disk, files, journals, events, readonlyPaths, start, die, now };
}

const both = [
  { path: thp, value: "always" },
  { path: governor, value: "performance" },
];

test("the journal is on the disk before a file is written, and gone when all is put back", async () => {
  const host = makeHost();
  host.start(7, 100);
  const settings = makeHostSettings(host.disk, 7);
  await settings.apply(both);
  expect(host.events).toEqual([
    "journal",
    `write ${thp} always`,
    "journal",
    `write ${governor} performance`,
  ]);
  expect(await settings.restore()).toEqual([]);
  expect([host.now(thp), host.now(governor)]).toEqual(["madvise", "powersave"]);
  expect(host.journals.size).toBe(0);
});

test("what a dead agent left is put back by the next one, whatever its process number", async () => {
  const host = makeHost();
  host.start(7, 100);
  await makeHostSettings(host.disk, 7).apply(both);
  host.die(7);
  host.start(7, 999);
  expect(await makeHostSettings(host.disk, 8).restoreLeft()).toEqual([]);
  expect([host.now(thp), host.now(governor)]).toEqual(["madvise", "powersave"]);
  expect(host.journals.size).toBe(0);
});

test("what a living agent has set is left to it", async () => {
  const host = makeHost();
  host.start(7, 100);
  await makeHostSettings(host.disk, 7).apply(both);
  await makeHostSettings(host.disk, 8).restoreLeft();
  expect(host.now(thp)).toBe("always");
  expect(host.journals.size).toBe(1);
});

test("a journal from before the host was started again says nothing of it", async () => {
  const host = makeHost();
  host.start(7, 100);
  await makeHostSettings(host.disk, 7).apply(both);
  host.die(7);
  host.files.set(boot, "boot-2\n");
  await makeHostSettings(host.disk, 8).restoreLeft();
  expect(host.now(thp)).toBe("always");
  expect(host.journals.size).toBe(0);
});

test("what somebody else has changed meanwhile is left as it is, and said", async () => {
  const host = makeHost();
  const settings = makeHostSettings(host.disk, 7);
  await settings.apply(both);
  host.files.set(thp, "always madvise [never]\n");
  const problems = await settings.restore();
  expect(problems).toEqual([expect.stringContaining("left as it is, not madvise")]);
  expect([host.now(thp), host.now(governor)]).toEqual(["never", "powersave"]);
});

test("what cannot be put back stays in the journal for another try", async () => {
  const host = makeHost();
  const settings = makeHostSettings(host.disk, 7);
  await settings.apply(both);
  host.readonlyPaths.add(thp);
  expect(await settings.restore()).toEqual([expect.stringContaining("EACCES")]);
  expect(host.journals.size).toBe(1);
  host.readonlyPaths.clear();
  expect(await settings.restore()).toEqual([]);
  expect(host.now(thp)).toBe("madvise");
});

test("a value that stands there already is neither written nor put back", async () => {
  const host = makeHost();
  const settings = makeHostSettings(host.disk, 7);
  await settings.apply([{ path: thp, value: "madvise" }]);
  expect(host.events).toEqual([]);
  await expect(settings.apply([{ path: "/absent", value: "1" }])).rejects.toThrow("cannot be read");
});

test("a damaged journal is taken away", async () => {
  const host = makeHost();
  host.journals.set("host-settings.5.json", "{half");
  expect(await makeHostSettings(host.disk, 8).restoreLeft()).toEqual([]);
  expect(host.journals.size).toBe(0);
});
