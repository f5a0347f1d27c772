import { isIP } from "node:net";

/** Whether `HOST:PORT` can be reached from this host alone. */
export function isLoopback(address: string): boolean {
  const host = address.slice(0, address.lastIndexOf(":")).replaceAll(/^\[|\]$/g, "");
  if (isIP(host) === 4) return host.startsWith("127.");
  return host === "localhost" || host === "::1";
}

/** The address one port above: where hosts enrol, unless told otherwise. Port 0 stays 0, any free one. */
export function nextPort(address: string): string {
  const at = address.lastIndexOf(":");
  const port = Number(address.slice(at + 1));
  return `${address.slice(0, at)}:${port === 0 ? 0 : port + 1}`;
}
