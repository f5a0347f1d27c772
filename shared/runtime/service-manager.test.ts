import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { serviceManagerOf } from "./service-manager.ts";

test("a service manager hears of waiting, of readiness, of each turn of its watchdog, and of the end", async () => {
  const { path, remove } = await makeTemporaryDirectory();
  const told = join(path, "told");
  const program = join(path, "systemd-notify");
  await writeFile(program, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${told}\n`);
  await chmod(program, 0o755);
  const stop = new AbortController();
  const env = { NOTIFY_SOCKET: "@s", WATCHDOG_USEC: "90000", PATH: `${path}:/usr/bin:/bin` };
  const manager = serviceManagerOf(env);
  const hears = (line: string) =>
    vi.waitFor(async () => expect(await readFile(told, "utf8")).toContain(line), 10_000);
  manager.waiting("no answer\nin time");
  await hears("@s --status=no answer in time EXTEND_TIMEOUT_USEC=60000000\n");
  manager.ready(stop.signal);
  await hears("@s --ready --status=serving\n");
  await hears("@s WATCHDOG=1\n");
  stop.abort();
  await hears("@s STOPPING=1\n");
  await remove();
});
