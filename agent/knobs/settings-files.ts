import { constants } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files behind host settings; tests put a tree of their own here. */
export interface SettingsFiles {
  readonly read: (path: string) => Promise<string | null>;
  readonly write: (path: string, value: string) => Promise<void>;
  readonly listJournals: () => Promise<readonly string[]>;
  readonly readJournal: (name: string) => Promise<string | null>;
  /** Returns when the text is on the disk, whole. */
  readonly writeJournal: (name: string, text: string) => Promise<void>;
  readonly removeJournal: (name: string) => Promise<void>;
}

/**
 * Host-wide, not an agent's own: whichever agent starts next puts things back. /run is emptied when the
 * host starts, as its settings are.
 */
export const journalDirectory = "/run/fleetsweep";

export function nodeSettingsFiles(directory = journalDirectory): SettingsFiles {
  return {
    read: (path) => readFile(path, "utf8").catch(() => null),
    // Without creating: a setting that is not there must not become a plain file.
    write: (path, value) => writeFile(path, value, { flag: constants.O_WRONLY }),
    listJournals: async () => {
      const names = await readdir(directory).catch(() => []);
      return names.filter((name) => /^host-settings\.\d+\.json$/.test(name));
    },
    readJournal: (name) => readFile(join(directory, name), "utf8").catch(() => null),
    async writeJournal(name, text) {
      await mkdir(directory, { recursive: true });
      const path = join(directory, name);
      await writeSynced(`${path}.new`, text);
      await rename(`${path}.new`, path);
      await syncDirectory(directory);
    },
    async removeJournal(name) {
      await rm(join(directory, name), { force: true });
    },
  };
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
