import { join } from "node:path";
import { caFile, identityFile } from "../security/credentials.ts";
import type { NatsOptions } from "./nats-connection.ts";

/**
 * How a program with an identity connects: by TLS with its certificate, whose URI is its user name, and
 * with an inbox of its own, which its permissions name. Nothing of it where the URLs do not ask for TLS.
 */
export function natsIdentity(
  servers: readonly string[],
  directory: string | null,
  inboxPrefix: string,
): Pick<NatsOptions, "tls" | "inboxPrefix"> {
  if (directory === null || !servers.some((url) => url.startsWith("tls://"))) return {};
  const identity = join(directory, identityFile);
  const tls = { caFile: join(directory, caFile), certFile: identity, keyFile: identity };
  return { tls, inboxPrefix };
}

/** Where the answers to a host go; nobody else may listen there. */
export function hostInbox(hostId: string): string {
  return `_INBOX_${hostId}`;
}

/** No host has it, whatever its name: theirs have no dot behind the first word. */
export const coordinatorInbox = "_INBOX.coordinator";
