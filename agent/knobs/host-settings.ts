import type { HostChange } from "./knob.ts";
import type { SettingsFiles } from "./settings-files.ts";

/** A change with what stood in the file before it. */
interface JournalEntry extends HostChange {
  readonly before: string;
}

/** Who changed a setting: a number of a process is given again, its start time is not. */
interface Owner {
  readonly pid: number;
  readonly startTicks: string;
  /** Settings of the kernel do not outlive it. */
  readonly bootId: string;
}

interface Journal {
  readonly owner: Owner;
  readonly entries: readonly JournalEntry[];
}

/**
 * Host-wide settings that hold for one launch. What stood in a file is in a journal on disk, synced,
 * before the file is written; whoever dies, the next agent of this host puts it back.
 */
export interface HostSettings {
  /** @throws Error where a file cannot be written; what was written is put back by `restore`. */
  apply(changes: readonly HostChange[]): Promise<void>;
  /** Puts back what this agent changed. Says what could not be put back; that stays in the journal. */
  restore(): Promise<readonly string[]>;
  /** Puts back what agents changed that died meanwhile; for the start of an agent. */
  restoreLeft(): Promise<readonly string[]>;
}

export function makeHostSettings(files: SettingsFiles, pid: number): HostSettings {
  const name = `host-settings.${pid}.json`;
  let entries: readonly JournalEntry[] = [];
  return {
    async apply(changes) {
      const owner = await ownerOf(files, pid);
      for (const change of changes) {
        const before = selected(await files.read(change.path));
        if (before === null) throw new Error(`${change.path} cannot be read`);
        if (before === change.value) continue;
        entries = [...entries, { ...change, before }];
        await files.writeJournal(name, JSON.stringify({ owner, entries } satisfies Journal));
        await files.write(change.path, change.value);
      }
    },
    async restore() {
      if (entries.length === 0) return [];
      const left = await putBack(files, entries);
      entries = left.entries;
      await keepJournal(files, name, { owner: await ownerOf(files, pid), entries });
      return left.problems;
    },
    async restoreLeft() {
      const problems: string[] = [];
      for (const left of await files.listJournals()) {
        const journal = parseJournal(await files.readJournal(left));
        if (journal === null || journal.owner.bootId !== (await readBootId(files))) {
          await files.removeJournal(left);
        } else if (!(await isAlive(files, journal.owner))) {
          const after = await putBack(files, journal.entries);
          await keepJournal(files, left, { ...journal, entries: after.entries });
          problems.push(...after.problems);
        }
      }
      return problems;
    },
  };
}

/** The newest change first. A file that somebody else has changed meanwhile is left as it is. */
async function putBack(files: SettingsFiles, entries: readonly JournalEntry[]) {
  const problems: string[] = [];
  const failed: JournalEntry[] = [];
  for (const entry of [...entries].reverse()) {
    const { path, value, before } = entry;
    const found = selected(await files.read(path));
    if (found === before) continue;
    if (found !== value) {
      problems.push(`${path} is ${found}, which nobody here wrote: left as it is, not ${before}`);
      continue;
    }
    try {
      await files.write(path, before);
    } catch (error) {
      failed.unshift(entry);
      const why = error instanceof Error ? error.message : String(error);
      problems.push(`${path} could not be put back to ${before}: ${why}`);
    }
  }
  return { problems, entries: failed };
}

async function keepJournal(files: SettingsFiles, name: string, journal: Journal): Promise<void> {
  if (journal.entries.length === 0) await files.removeJournal(name);
  else await files.writeJournal(name, JSON.stringify(journal));
}

/** `always [madvise] never` has its choice in brackets; other files hold nothing but it. */
export function selected(text: string | null): string | null {
  if (text === null) return null;
  return /\[([^\]]+)\]/.exec(text)?.[1] ?? text.trim();
}

async function ownerOf(files: SettingsFiles, pid: number): Promise<Owner> {
  const startTicks = (await readStartTicks(files, pid)) ?? "";
  return { pid, startTicks, bootId: await readBootId(files) };
}

async function isAlive(files: SettingsFiles, { pid, startTicks }: Owner): Promise<boolean> {
  return (await readStartTicks(files, pid)) === startTicks;
}

/** Field 22 of /proc/PID/stat, counted behind the program's name, which may hold anything. */
async function readStartTicks(files: SettingsFiles, pid: number): Promise<string | null> {
  const stat = await files.read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie writes nothing any more.
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}

async function readBootId(files: SettingsFiles): Promise<string> {
  return ((await files.read("/proc/sys/kernel/random/boot_id")) ?? "").trim();
}

/** Null for what is no journal: a damaged one cannot be acted on. */
function parseJournal(text: string | null): Journal | null {
  try {
    const { owner, entries } = JSON.parse(text ?? "") as Partial<Journal>;
    const isSound = typeof owner?.pid === "number" && Array.isArray(entries);
    return isSound ? { owner, entries } : null;
  } catch {
    return null;
  }
}
