import { spawn } from "node:child_process";
import { once } from "node:events";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { readSecret } from "../../shared/runtime/secret.ts";
import type { Channel } from "./notification-config.ts";

const limits = { webhookMs: 10_000, execSeconds: 60 } as const;

/** One notification for one channel. */
export interface Delivery {
  readonly channel: Channel;
  /** The same for every try, so that a receiver can drop repetitions. */
  readonly key: string;
  readonly body: string;
}

/**
 * Delivers once. @throws FleetsweepError link.unavailable for what may pass, config.invalid for what
 * another try would not change. Neither names the address, for addresses of webhooks are secrets.
 */
export async function deliver(delivery: Delivery, signal: AbortSignal): Promise<void> {
  const { channel } = delivery;
  if ("webhook" in channel) await post(delivery, channel, signal);
  else await execute(delivery, channel, signal);
}

async function post(
  { key, body }: Delivery,
  channel: Extract<Channel, { readonly webhook: string }>,
  signal: AbortSignal,
): Promise<void> {
  const { token } = await readSecret(channel.token_file);
  const response = await fetch(channel.webhook, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "idempotency-key": key,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    redirect: "error",
    signal: AbortSignal.any([signal, AbortSignal.timeout(limits.webhookMs)]),
  }).catch(() => null);
  await response?.body?.cancel();
  if (response?.ok === true) return;
  const answered = response === null ? "did not answer" : `answered ${response.status}`;
  const mayPass =
    response === null || response.status >= 500 || [408, 425, 429].includes(response.status);
  const what = `the webhook of channel ${channel.name} ${answered}`;
  throw new FleetsweepError(mayPass ? "link.unavailable" : "config.invalid", what);
}

/** Through timeout(1), which ends the hook's whole process group, and passes a signal on to it. */
async function execute(
  { key, body }: Delivery,
  channel: Extract<Channel, { readonly exec: string[] }>,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn("timeout", ["--kill-after=5", String(limits.execSeconds), ...channel.exec], {
    env: { PATH: "/usr/local/bin:/usr/bin:/bin", FLEETSWEEP_NOTIFICATION: key },
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  const end = () => child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  // A hook may end without reading.
  child.stdin.on("error", () => {});
  child.stdin.end(body);
  const what = `the hook of channel ${channel.name}`;
  try {
    const [code] = (await once(child, "close")) as [number | null];
    if (code === 0) return;
    const how = exits[code ?? 0] ?? `ended with ${code === null ? "a signal" : code}`;
    throw new FleetsweepError("link.unavailable", `${what} ${how}`);
  } finally {
    signal.removeEventListener("abort", end);
  }
}

/** What timeout(1) says with its own exit codes. */
const exits: Readonly<Record<number, string>> = {
  124: `took longer than ${limits.execSeconds} s`,
  126: "cannot be started",
  127: "is not there",
  137: `took longer than ${limits.execSeconds} s`,
};
