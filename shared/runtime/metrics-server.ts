import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { FleetsweepError } from "../domain/errors.ts";
import { type Metric, renderMetrics } from "../domain/metrics.ts";

export interface MetricsSource {
  readonly metrics: () => readonly Metric[];
  /** Why the program cannot do its work now, in words for people; null where it can. */
  readonly notReady: () => string | null;
}

export interface MetricsServer {
  /** `host:port` with the port that was taken, or `unix:PATH`. */
  readonly address: string;
  close(): Promise<void>;
}

const limits = {
  maxConnections: 16,
  /** For a whole request, from the connection on: who sends a byte now and then is cut off as well. */
  requestTimeoutMs: 5_000,
  /** How often Node looks for requests that take too long; every 30 s unless told. */
  lookMs: 1_000,
  maxHeaderBytes: 8_192,
} as const;

const unixPrefix = "unix:";

/**
 * Serves `/metrics`, `/healthz` and `/readyz` over HTTP on a loopback address or a unix socket, and nothing
 * else. Whoever wants them elsewhere puts a proxy of their own before it.
 * @throws FleetsweepError config.invalid where the address cannot be listened on.
 */
export async function serveMetrics(listen: string, source: MetricsSource): Promise<MetricsServer> {
  const options = {
    maxHeaderSize: limits.maxHeaderBytes,
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.requestTimeoutMs,
    connectionsCheckingInterval: limits.lookMs,
  };
  const server = createServer(options, (request, response) => answer(request, response, source));
  server.maxConnections = limits.maxConnections;
  server.unref();
  try {
    await bind(server, listen);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw new FleetsweepError("config.invalid", `--metrics ${listen}: ${found}`, { cause: error });
  }
  return {
    address: addressOf(server, listen),
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (listen.startsWith(unixPrefix)) await rm(listen.slice(unixPrefix.length), { force: true });
    },
  };
}

/** Whether an address reaches no further than this host. */
export function isLocalAddress(listen: string): boolean {
  return listen.startsWith(`${unixPrefix}/`) || /^(127\.\d+\.\d+\.\d+|localhost):\d+$/.test(listen);
}

async function bind(server: Server, listen: string): Promise<void> {
  if (listen.startsWith(unixPrefix)) {
    const path = listen.slice(unixPrefix.length);
    // A socket that a killed program left behind; the state directory's lock says that it is gone.
    await rm(path, { force: true });
    server.listen(path);
  } else {
    const split = listen.lastIndexOf(":");
    server.listen(Number(listen.slice(split + 1)), listen.slice(0, split));
  }
  await once(server, "listening");
}

function addressOf(server: Server, listen: string): string {
  if (listen.startsWith(unixPrefix)) return listen;
  return `${listen.slice(0, listen.lastIndexOf(":"))}:${(server.address() as AddressInfo).port}`;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { metrics, notReady }: MetricsSource,
): void {
  const path = (request.url ?? "").split("?")[0];
  if (request.method !== "GET" && request.method !== "HEAD") return send(response, 405, "");
  if (path === "/metrics") return send(response, 200, renderMetrics(metrics()));
  if (path === "/healthz") return send(response, 200, "ok\n");
  if (path !== "/readyz") return send(response, 404, "/metrics, /healthz or /readyz\n");
  const reason = notReady();
  return reason === null ? send(response, 200, "ready\n") : send(response, 503, `${reason}\n`);
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  response.end(body);
}
