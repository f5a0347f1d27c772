import { execFileSync } from "node:child_process";
import { randomInt } from "node:crypto";

/** A network of its own for one agent, with one wire to this host. */
export interface Namespace {
  /** This host, as seen from within. */
  readonly address: string;
  /** Put before a command to run it within. */
  readonly prefix: readonly string[];
  /** Pulls the wire: packets are lost, and nobody is told. */
  unplug(): void;
  plug(): void;
  remove(): void;
}

/** Whether this process may make network namespaces. */
export function canMakeNamespaces(): boolean {
  if (process.getuid?.() !== 0) return false;
  const name = `fs-try-${process.pid}`;
  try {
    ip("netns", "add", name);
    ip("netns", "del", name);
    return true;
  } catch {
    return false; // No iproute2, or a container without the right.
  }
}

/** @throws Error where `ip` refuses; see {@link canMakeNamespaces}. */
export function addNamespace(n: number): Namespace {
  const name = `fs-${process.pid}-${n}`;
  // At most 15 characters; the pid keeps runs apart that go on at the same time.
  const [outer, inner] = [`fo${process.pid}x${n}`.slice(-15), `fi${process.pid}x${n}`.slice(-15)];
  const network = `10.${randomInt(100, 250)}.${randomInt(1, 250)}`;
  ip("netns", "add", name);
  ip("link", "add", outer, "type", "veth", "peer", "name", inner, "netns", name);
  ip("addr", "add", `${network}.1/30`, "dev", outer);
  ip("link", "set", outer, "up");
  const within = (...words: string[]): void => ip("-n", name, ...words);
  within("addr", "add", `${network}.2/30`, "dev", inner);
  within("link", "set", inner, "up");
  within("link", "set", "lo", "up");
  return {
    address: `${network}.1`,
    prefix: ["ip", "netns", "exec", name],
    unplug: () => ip("link", "set", outer, "down"),
    plug: () => ip("link", "set", outer, "up"),
    remove: () => ip("netns", "del", name),
  };
}

function ip(...words: string[]): void {
  execFileSync("ip", words, { stdio: ["ignore", "ignore", "pipe"] });
}
