import { join } from "node:path";
import type { Logger } from "../shared/runtime/logger.ts";
import { randomId } from "../shared/runtime/random-id.ts";
import { sleep } from "../shared/runtime/sleep.ts";
import { thisHost } from "./config.ts";
import { DirectoryJournal } from "./link/launch-journal.ts";
import type { Spool } from "./link/spool.ts";
import { recoverLaunch } from "./recover-launch.ts";
import { SpoolIndex } from "./spool-index.ts";

export interface LaunchState {
  readonly index: SpoolIndex;
  readonly journal: DirectoryJournal;
}

/**
 * The spool and the journal, after what an agent left that died during a launch was cleared up: before the
 * host is read, for a setting that a dead agent left behind is none of the host's own.
 */
export async function openLaunchState(place: {
  readonly directory: string;
  readonly spool: Spool;
  readonly logger: Logger;
  readonly file: { readonly host_id: string };
}): Promise<LaunchState> {
  const { logger } = place;
  const index = await SpoolIndex.load(place.spool);
  const journal = new DirectoryJournal(join(place.directory, "launch"), {
    onTrouble: (error) => logger.error({ err: error }, "a launch is not in the journal"),
  });
  const system = thisHost();
  await recoverLaunch({
    hostId: place.file.host_id,
    journal,
    files: system.files,
    kill: system.kill,
    endScopes: async (launchId) => (await system.endScopes(launchId)).killed,
    restoreTuning: async () => {
      for (const trouble of await system.hostSettings.restoreLeft()) logger.warn(trouble);
    },
    spool: index,
    randomId,
    nowMs: Date.now,
    sleep: (ms) => sleep(ms, new AbortController().signal),
    logger,
  });
  return { index, journal };
}
