import { request } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTemporaryDirectory } from "../testing/temporary-directory.ts";
import { isLocalAddress, serveMetrics } from "./metrics-server.ts";

const up = { name: "up", help: "Up.", type: "gauge", samples: [{ value: 1 }] } as const;

function source(reason: string | null) {
  return { metrics: () => [up], notReady: () => reason };
}

async function get(address: string, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`http://${address}${path}`);
  return { status: response.status, text: await response.text() };
}

test("a program answers for its metrics, that it lives and whether it is ready", async () => {
  let reason: string | null = "the log is not folded";
  const server = await serveMetrics("127.0.0.1:0", {
    ...source(null),
    notReady: () => reason,
  });
  try {
    expect((await get(server.address, "/metrics")).text).toContain("# TYPE up gauge\nup 1\n");
    expect(await get(server.address, "/healthz")).toEqual({ status: 200, text: "ok\n" });
    expect(await get(server.address, "/readyz")).toMatchObject({ status: 503 });
    reason = null;
    expect(await get(server.address, "/readyz")).toEqual({ status: 200, text: "ready\n" });
    expect((await get(server.address, "/other")).status).toBe(404);
    const posted = await fetch(`http://${server.address}/metrics`, { method: "POST" });
    expect(posted.status).toBe(405);
  } finally {
    await server.close();
  }
});

test("a unix socket serves as well, also where a killed program left its own", async () => {
  const directory = await makeTemporaryDirectory();
  const socketPath = join(directory.path, "metrics.sock");
  await serveMetrics(`unix:${socketPath}`, source(null));
  const server = await serveMetrics(`unix:${socketPath}`, source(null));
  const status = await new Promise((resolve, reject) => {
    const ask = request({ socketPath, path: "/healthz" }, (answer) => {
      resolve(answer.statusCode);
      answer.resume();
    });
    ask.on("error", reject).end();
  });
  expect(status).toBe(200);
  await server.close();
  await directory.remove();
});

test("an address that is taken, and one that reaches beyond this host, are told apart", async () => {
  const server = await serveMetrics("127.0.0.1:0", source(null));
  await expect(serveMetrics(server.address, source(null))).rejects.toMatchObject({
    code: "config.invalid",
  });
  await server.close();
  expect(["127.0.0.1:1", "localhost:2", "unix:/run/x"].map(isLocalAddress)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["0.0.0.0:1", "10.0.0.1:2", "unix:x"].map(isLocalAddress)).toEqual([false, false, false]);
});

/** What the server says to these bytes until it ends the connection; null where it only ends it. */
async function untilClosed(address: string, bytes: string, thenMs?: number): Promise<string> {
  const [host = "", port] = address.split(":");
  const socket = connect({ host, port: Number(port) });
  let said = "";
  socket.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  socket.on("error", () => {});
  const drip = setInterval(() => socket.write("x"), thenMs ?? 2 ** 30);
  socket.write(bytes);
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(drip);
  return said;
}

test.each([
  ["garbage", "A".repeat(4_096), / 400 /],
  ["TLS", "\u0016\u0003\u0001", / 400 /],
  [
    "a header beyond the limit",
    `GET /metrics HTTP/1.1\r\nHost: x\r\nA: ${"b".repeat(20_000)}\r\n\r\n`,
    / 431 /,
  ],
])("%s is refused, and others are served", async (_what, bytes, answer) => {
  const server = await serveMetrics("127.0.0.1:0", source(null));
  expect(await untilClosed(server.address, bytes)).toMatch(answer);
  expect((await get(server.address, "/healthz")).status).toBe(200);
  await server.close();
});

test("who says nothing, or a byte now and then, is cut off, however many they are", async () => {
  const server = await serveMetrics("127.0.0.1:0", source(null));
  const slow = "GET /metrics HTTP/1.1\r\nA: ";
  const ends = Array.from({ length: 40 }, (_, n) =>
    n % 2 === 0 ? untilClosed(server.address, "") : untilClosed(server.address, slow, 500),
  );
  await Promise.all(ends);
  expect((await get(server.address, "/healthz")).status).toBe(200);
  await server.close();
}, 30_000);
