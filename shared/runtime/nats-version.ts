import { FleetsweepError } from "../domain/errors.ts";

/** The oldest server that the data plane is tested with: Debian 12's. */
const floor = [2, 9, 10] as const;

/** Before, the leader of a replicated stream may answer from what it has not caught up with. */
const replicated = [2, 11, 0] as const;

/** 2.10.20 to 2.10.22 are known to lose a stream after a crash; 2.10.23 is fixed. */
const broken = { from: [2, 10, 20], to: [2, 10, 22] } as const;

/**
 * Checks the line that `nats-server --version` prints, such as `nats-server: v2.9.10`, and returns the
 * version.
 * @throws FleetsweepError program.missing where the version is unreadable, too old or known broken.
 */
export function checkNatsVersion(line: string): string {
  const version = parseVersion(line);
  const shown = version.join(".");
  if (compare(version, floor) < 0) {
    throw new FleetsweepError(
      "program.missing",
      `nats-server ${shown} is too old; ${floor.join(".")} or newer is needed`,
    );
  }
  if (compare(version, broken.from) >= 0 && compare(version, broken.to) <= 0) {
    throw new FleetsweepError(
      "program.missing",
      `nats-server ${shown} is refused: ${broken.from.join(".")} to ${broken.to.join(".")} are known broken; install 2.10.23 or newer`,
    );
  }
  return shown;
}

/** @throws FleetsweepError program.missing where so many servers of this version are not to keep a log together. */
export function checkReplicas(replicas: number, version: string): void {
  if (replicas === 1 || compare(parseVersion(version), replicated) >= 0) return;
  throw new FleetsweepError(
    "program.missing",
    `nats-server ${version} is too old to replicate the log; ${replicated.join(".")} or newer is needed, 2.12 or newer is advised`,
  );
}

function parseVersion(line: string): Version {
  const match = /v?(\d+)\.(\d+)\.(\d+)/.exec(line);
  if (match === null) {
    throw new FleetsweepError("program.missing", `nats-server says no version: ${line.trim()}`);
  }
  return [Number(match[1]), Number(match[2]), Number(match[3])];
}

type Version = readonly [number, number, number];

function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
