import { chmod, readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";
import { deliver } from "./deliver.ts";
import { type Channel, readChannels } from "./notification-config.ts";

const { signal } = new AbortController();
let server: Server | undefined;
const removers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const remove of removers.splice(0)) await remove();
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

async function temporaryDirectory(): Promise<string> {
  const { path, remove } = await makeTemporaryDirectory();
  removers.push(remove);
  return path;
}

interface Got {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A webhook that answers with a status. */
async function listen(status: number): Promise<{ url: string; got: Got[] }> {
  const got: Got[] = [];
  const listening = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      got.push({ request, body });
      response.writeHead(status, { location: "/elsewhere" }).end("secret answer");
    });
  });
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(listening.address() as AddressInfo).port}/T0K3N`, got };
}

const delivery = (channel: Channel) => ({ channel, key: "nightly@1", body: '{"a":1}' });

test("a webhook gets the notification with its token and a key that stays the same", async () => {
  const { url, got } = await listen(204);
  const token = join(await temporaryDirectory(), "token");
  await writeFile(token, "s3cret\n", { mode: 0o600 });
  await deliver(delivery({ name: "hook", webhook: url, token_file: token, on: "always" }), signal);
  expect(got).toHaveLength(1);
  expect(got[0]?.body).toBe('{"a":1}');
  expect(got[0]?.request.headers).toMatchObject({
    authorization: "Bearer s3cret",
    "idempotency-key": "nightly@1",
    "content-type": "application/json",
  });
});

test.each([
  [500, true],
  [429, true],
  [404, false],
  [302, true],
])(
  "an answer of %i is a failure that may pass: %s, and names no address",
  async (status, mayPass) => {
    const { url, got } = await listen(status);
    const failure = await deliver(
      delivery({ name: "hook", webhook: url, on: "always" }),
      signal,
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({ retryable: mayPass });
    expect(String(failure)).toContain("channel hook");
    expect(String(failure)).not.toContain("T0K3N");
    expect(got).toHaveLength(1);
  },
);

test("a hook gets the notification on its standard input, its words as they are, and no environment of ours", async () => {
  const directory = await temporaryDirectory();
  const script = join(directory, "hook.sh");
  const out = join(directory, "out");
  await writeFile(script, '#!/bin/sh\n{ cat; echo; echo "$2"; env; } > "$1"\n');
  await chmod(script, 0o755);
  const word = "$(touch /tmp/never); `id` && *";
  await deliver(delivery({ name: "file", exec: [script, out, word], on: "always" }), signal);
  const [body, second, ...environment] = (await readFile(out, "utf8")).trim().split("\n");
  expect(body).toBe('{"a":1}');
  expect(second).toBe(word);
  const names = environment.map((line) => line.split("=", 1)[0]);
  expect(names).toContain("FLEETSWEEP_NOTIFICATION");
  expect(
    names.filter(
      (name) =>
        !["PATH", "PWD", "_", "SHLVL", "OLDPWD", "FLEETSWEEP_NOTIFICATION"].includes(name ?? ""),
    ),
  ).toEqual([]);
});

test.each([
  ["/bin/false", "ended with 1"],
  ["/nonexistent/hook", "is not there"],
])("a hook that fails says how: %s %s", async (program, how) => {
  const channel = { name: "file", exec: [program], on: "always" } as const;
  await expect(deliver(delivery({ ...channel, exec: [program] }), signal)).rejects.toThrow(how);
});

test("a hook ends with its coordinator", async () => {
  const stop = new AbortController();
  const channel: Channel = { name: "file", exec: ["/bin/sleep", "60"], on: "always" };
  const delivered = deliver(delivery(channel), stop.signal);
  stop.abort();
  await expect(delivered).rejects.toThrow("channel file");
});

test("channels are declared in a file that only its owner may write", async () => {
  const file = join(await temporaryDirectory(), "notifications.yaml");
  await writeFile(file, "channels:\n  ops:\n    webhook: https://example.org/x\n");
  await chmod(file, 0o644);
  expect(await readChannels(file)).toEqual([
    { name: "ops", webhook: "https://example.org/x", on: "attention" },
  ]);
  await chmod(file, 0o666);
  await expect(readChannels(file)).rejects.toThrow("may be written by others");
  await chmod(file, 0o600);
  for (const bad of ["{ exec: [hook.sh] }", "{ exec: [] }", "{ webhook: file:///x }", "{}"]) {
    await writeFile(file, `channels:\n  ops: ${bad}\n`);
    await expect(readChannels(file)).rejects.toThrow(file);
  }
  await expect(readChannels(`${file}.gone`)).rejects.toThrow("no such file");
  expect(await readChannels(undefined)).toEqual([]);
});
