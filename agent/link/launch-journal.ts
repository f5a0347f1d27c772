import { join } from "node:path";
import { z } from "zod";
import { type Disk, nodeDisk } from "./disk.ts";
import { DurableFiles } from "./durable-files.ts";

/** What is being launched, so that an agent that finds it after its own death can say so. */
export interface LaunchEntry {
  /** Marks every process of the launch; see {@link launchVariable}. */
  readonly launchId: string;
  readonly sweepId: string;
  readonly shardId: string;
  readonly grantId: string;
  readonly cells: readonly { readonly cellId: string; readonly launch: number }[];
}

/** A launch that its agent did not live to end. */
export interface InterruptedLaunch extends LaunchEntry {
  /** The cell that was being measured; null where none had begun. */
  readonly at: string | null;
}

/** The launch that runs, on the disk. */
export interface LaunchJournal {
  /** Resolves when the launch is on the disk, as far as the disk obeys; nothing of it may start before. */
  begin(entry: LaunchEntry): Promise<void>;
  /** A cell begins. In the background, for a launch does not wait for the disk. */
  reach(cellId: string): void;
  /** The launch is over, and what it found is kept. */
  end(): Promise<void>;
}

/** In the environment of every process of a launch, and so of whatever these start. */
export const launchVariable = "FLEETSWEEP_LAUNCH";

const entrySchema = z.object({
  launchId: z.string().min(1),
  sweepId: z.string(),
  shardId: z.string(),
  grantId: z.string(),
  cells: z.array(z.object({ cellId: z.string(), launch: z.int().positive() })),
});

const entryFile = "launch.json";
const cellFile = /^cell\.(\d+)$/;

/** The journal of one state directory. */
export class DirectoryJournal implements LaunchJournal {
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #files: DurableFiles;
  #reached = 0;
  #last: Promise<void> = Promise.resolve();
  readonly #onTrouble: (error: unknown) => void;

  constructor(directory: string, options: { disk?: Disk; onTrouble: (error: unknown) => void }) {
    this.#directory = directory;
    this.#disk = options.disk ?? nodeDisk;
    this.#files = new DurableFiles(this.#disk);
    this.#onTrouble = options.onTrouble;
  }

  /** A disk that takes nothing is no reason not to measure: the results wait until it does. */
  async begin(entry: LaunchEntry): Promise<void> {
    try {
      await this.#disk.makeDirectory(this.#directory);
      await this.end();
      await this.#files.write(this.#path(entryFile), Buffer.from(JSON.stringify(entry)));
    } catch (error) {
      this.#onTrouble(error);
    }
  }

  reach(cellId: string): void {
    const file = this.#path(`cell.${this.#reached}`);
    this.#reached += 1;
    this.#last = this.#last.then(() =>
      this.#files.write(file, Buffer.from(cellId)).catch(this.#onTrouble),
    );
  }

  async end(): Promise<void> {
    await this.#last;
    this.#reached = 0;
    await this.#files.remove(this.#directory, await this.#disk.list(this.#directory));
  }

  /** What an earlier agent left; null where it ended in order. A torn entry never started anything. */
  async read(): Promise<InterruptedLaunch | null> {
    await this.#disk.makeDirectory(this.#directory);
    const names = await this.#disk.list(this.#directory);
    if (!names.includes(entryFile)) return null;
    const bytes = await this.#disk.read(this.#path(entryFile));
    const entry = entrySchema.safeParse(parseJson(bytes.toString()));
    if (!entry.success) return null;
    return { ...entry.data, at: await this.#lastCell(names) };
  }

  async #lastCell(names: readonly string[]): Promise<string | null> {
    const numbers = names.flatMap((name) => cellFile.exec(name)?.[1] ?? []).map(Number);
    if (numbers.length === 0) return null;
    const bytes = await this.#disk.read(this.#path(`cell.${Math.max(...numbers)}`));
    return bytes.toString();
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The write was under way when the agent died.
  }
}
