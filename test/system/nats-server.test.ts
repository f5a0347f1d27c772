import { spawn } from "node:child_process";
import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProgram } from "../../shared/runtime/find-program.ts";
import { startNatsServer } from "../../shared/runtime/nats-server.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

const installed = (await findProgram("nats-server", undefined)) !== undefined;
const setpriv = (await findProgram("setpriv", undefined)) !== undefined;
const maxPayloadBytes = 1_048_576;

let directory: Awaited<ReturnType<typeof makeTemporaryDirectory>>;
beforeEach(async () => {
  directory = await makeTemporaryDirectory();
});
afterEach(async () => {
  await directory.remove();
});

test.skipIf(!installed)("a server listens on a free port and ends when told", async () => {
  const server = await startNatsServer({ directory: directory.path, maxPayloadBytes, token: "t" });
  expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
  const config = await stat(join(directory.path, "nats-server.conf"));
  expect(config.mode & 0o777).toBe(0o600);
  await server.stop();
  expect((await server.exited).code).not.toBeNull();
  expect(isAlive(server.pid)).toBe(false);
});

test.skipIf(!installed)("a port in use is named", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  try {
    const started = startNatsServer({ directory: directory.path, port, maxPayloadBytes });
    await expect(started).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining(`127.0.0.1:${port}: the port is in use`),
    });
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test.skipIf(!installed)("a directory that cannot be made is named", async () => {
  const file = join(directory.path, "file");
  await writeFile(file, "");
  const below = join(file, "state");
  await expect(startNatsServer({ directory: below, maxPayloadBytes })).rejects.toMatchObject({
    code: "state.unusable",
    message: expect.stringContaining(below),
  });
});

test.skipIf(!installed || !setpriv)("a server ends with the process that started it", async () => {
  const script = `
    import { startNatsServer } from ${JSON.stringify(new URL("../../shared/runtime/nats-server.ts", import.meta.url).href)};
    const server = await startNatsServer({ directory: ${JSON.stringify(directory.path)}, maxPayloadBytes: 1048576 });
    console.log(server.pid);
    setInterval(() => {}, 1000);
  `;
  const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: parent.stdout });
  const [line] = await new Promise<string[]>((resolve) => lines.once("line", (l) => resolve([l])));
  const pid = Number(line);
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is none.
    return false;
  }
}
