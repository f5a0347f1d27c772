import { join } from "node:path";
import type { LaunchFailure, LaunchResult } from "../shared/domain/result.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { type InterruptedLaunch, launchVariable } from "./link/launch-journal.ts";
import type { HostFiles } from "./runner/launch-files.ts";
import type { SpooledLaunch, SpooledShard } from "./spool-index.ts";

export interface RecoverDeps {
  readonly hostId: string;
  readonly journal: { read(): Promise<InterruptedLaunch | null>; end(): Promise<void> };
  readonly files: HostFiles;
  /** Kills one process; one that is gone is no failure. */
  readonly kill: (pid: number) => void;
  /** Ends what is left in the scopes of a launch; returns how many scopes still had something. */
  readonly endScopes: (launchId: string) => Promise<number>;
  /** Puts back what launches had changed on the host. */
  readonly restoreTuning: () => Promise<void>;
  readonly spool: {
    launchesOf(shard: SpooledShard): readonly SpooledLaunch[];
    put(result: LaunchResult): Promise<void>;
  };
  readonly randomId: () => string;
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly logger: Logger;
}

const limits = {
  /** A process may fork while it is being looked for: so many looks at the most. */
  looks: 10,
  betweenLooksMs: 100,
} as const;

/**
 * Clears up behind an agent that died during a launch, before any other begins: ends what is left of its
 * processes, restores the host, and says in the log that the launch was interrupted. What it had measured
 * is discarded, for nobody saw how it ended.
 */
export async function recoverLaunch(deps: RecoverDeps): Promise<void> {
  const { journal, logger } = deps;
  const left = await journal.read();
  const ended = left === null ? 0 : await endProcesses(left.launchId, deps);
  const scopes = left === null ? 0 : await deps.endScopes(left.launchId);
  await deps.restoreTuning();
  if (left === null) return;
  const interrupted = unspooled(left, deps.spool.launchesOf(left));
  for (const { cellId, launch } of interrupted) {
    await deps.spool.put(toResult(left, { cellId, launch }, deps));
  }
  const { grantId: grant_id, at: cell_id } = left;
  logger.warn(
    {
      grant_id,
      cell_id,
      processes_ended: ended,
      scopes_ended: scopes,
      cells_interrupted: interrupted.length,
    },
    "an agent died during a launch here; the launch is discarded",
  );
  await journal.end();
}

/** Ends every process that carries the launch's mark, whoever its parent is; returns how many. */
async function endProcesses(
  launchId: string,
  { files, kill, sleep, logger }: RecoverDeps,
): Promise<number> {
  const seen = new Set<number>();
  for (let look = 0; look < limits.looks; look += 1) {
    const pids = await findMarked(launchId, files);
    if (pids.length === 0) return seen.size;
    for (const pid of pids) {
      seen.add(pid);
      kill(pid);
    }
    await sleep(limits.betweenLooksMs);
  }
  logger.error({ pids: [...seen] }, "processes of an interrupted launch do not end");
  return seen.size;
}

async function findMarked(launchId: string, files: HostFiles): Promise<number[]> {
  const pids = (await files.list("/proc")).filter((name) => /^\d+$/.test(name));
  const mark = `${launchVariable}=${launchId}`;
  const found: number[] = [];
  for (const pid of pids) {
    // Not readable: another user's process, so none of ours.
    const environment = await files.read(join("/proc", pid, "environ"));
    if (environment?.split("\0").includes(mark) === true) found.push(Number(pid));
  }
  return found;
}

/** The cell that was being measured, or all where none had begun; without those whose result is kept already. */
function unspooled(left: InterruptedLaunch, spooled: readonly SpooledLaunch[]) {
  const kept = new Set(
    spooled
      .filter(({ grantId }) => grantId === left.grantId)
      .map(({ cellId, launch }) => `${cellId}.${launch}`),
  );
  return left.cells
    .filter(({ cellId }) => left.at === null || cellId === left.at)
    .filter(({ cellId, launch }) => !kept.has(`${cellId}.${launch}`));
}

function toResult(
  { sweepId, shardId, grantId }: InterruptedLaunch,
  cell: { readonly cellId: string; readonly launch: number },
  { hostId, randomId, nowMs }: RecoverDeps,
): LaunchResult {
  const outcome: LaunchFailure = {
    type: "failed",
    reason: "interrupted",
    message: "the agent or the host died during the launch",
    stderrTail: "",
  };
  const place = { attemptId: randomId(), sweepId, shardId, hostId, grantId };
  return { ...place, ...cell, outcome, terminal: null, endedAtMs: nowMs(), elapsedMs: null };
}
