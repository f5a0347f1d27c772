import type { LaunchSystem } from "./launch-system.ts";

/** A moment, and what the agent had used until then. */
export interface Stamp {
  /** CLOCK_MONOTONIC. */
  readonly ns: bigint;
  readonly ownCpuSeconds: number;
}

export function takeStamp({
  nowNs,
  ownCpuSeconds,
}: Pick<LaunchSystem, "nowNs" | "ownCpuSeconds">): Stamp {
  return { ns: nowNs(), ownCpuSeconds: ownCpuSeconds() };
}
