import { rename, rm } from "node:fs/promises";
import type { LogHead } from "../../shared/bus/log.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { openProjection, type Projection } from "./projection.ts";

export interface BoundProjection {
  readonly store: Projection;
  /** Why the file that was there could not be used any more, in words for people; null where it could. */
  readonly replaced: string | null;
}

/**
 * Opens the projection of this very log. A file made from another one, or from more than this one holds, is
 * put aside under `.replaced` and made anew: the log lost entries. `rollback` says so where that is known.
 * @throws FleetsweepError as {@link openProjection} does.
 */
export async function openBoundProjection(
  file: string,
  head: LogHead,
  rollback: string | null,
): Promise<BoundProjection> {
  const replaced = rollback ?? (await whyForeign(file, head));
  if (replaced !== null) await putAside(file);
  const store = await openProjection(file);
  await store.bindLog(head);
  return { store, replaced };
}

async function whyForeign(file: string, head: LogHead): Promise<string | null> {
  const store = await openProjection(file);
  try {
    await store.bindLog(head);
    return null;
  } catch (error) {
    if (error instanceof FleetsweepError && error.code === "state.unusable") return error.message;
    throw error;
  } finally {
    await store.close();
  }
}

async function putAside(file: string): Promise<void> {
  await rm(`${file}.wal`, { force: true });
  await rename(file, `${file}.replaced`).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  });
}
