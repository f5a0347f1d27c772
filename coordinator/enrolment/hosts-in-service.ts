import { listEnrolledHosts } from "./enrolled-hosts.ts";
import { latestRevocations, revocationsFile } from "./revocations.ts";

/** The hosts that an authority's directory knows, each in one of both lists. */
export interface KnownHosts {
  /** Enrolled, and not revoked since. */
  readonly inService: readonly string[];
  /** Revoked, and not enrolled since. */
  readonly revoked: readonly string[];
}

export async function readKnownHosts(directory: string): Promise<KnownHosts> {
  const enrolled = await listEnrolledHosts(directory);
  const enrolledAt = new Map(enrolled.map(({ hostId, enrolledAtMs }) => [hostId, enrolledAtMs]));
  const revocations = [...(await latestRevocations(revocationsFile(directory))).values()];
  const revokedAt = new Map(
    revocations.filter(({ kind }) => kind === "host").map(({ name, at_ms }) => [name, at_ms]),
  );
  const isRevoked = (hostId: string): boolean => {
    const at = revokedAt.get(hostId);
    return at !== undefined && at >= (enrolledAt.get(hostId) ?? 0);
  };
  return {
    inService: [...enrolledAt.keys()].filter((hostId) => !isRevoked(hostId)),
    revoked: [...revokedAt.keys()].filter(isRevoked).sort(),
  };
}
