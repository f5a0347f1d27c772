import { type CpuSet, parseCpuList } from "../../shared/domain/cpuset.ts";
import type { Warnings } from "../logic/warnings.ts";
import type { SysfsReader } from "./sysfs-reader.ts";

/**
 * What every collector works with: the host's files as facts. A fact that is not there is null and
 * says nothing more; one that could not be read is null and leaves a warning with the reason.
 */
export interface HostFiles {
  readonly reader: SysfsReader;
  readonly warnings: Warnings;
}

export const cpuDirectory = "sys/devices/system/cpu";
export const nodeDirectory = "sys/devices/system/node";

/** The text as it is, with NUL bytes taken out; null where there is no such file. */
export async function readText(files: HostFiles, path: string): Promise<string | null> {
  const reading = await files.reader.read(path);
  if (reading.state === "present") return reading.text.replaceAll("\0", "");
  if (reading.state === "failed") files.warnings.add(path, reading.reason);
  return null;
}

/** The trimmed text; an empty file counts as missing. */
export async function readWord(files: HostFiles, path: string): Promise<string | null> {
  const text = (await readText(files, path))?.trim();
  return text === undefined || text === "" ? null : text;
}

export async function readInteger(files: HostFiles, path: string): Promise<number | null> {
  const word = await readWord(files, path);
  if (word === null) return null;
  if (/^-?\d{1,15}$/.test(word)) return Number(word);
  files.warnings.add(path, `holds "${word.slice(0, 40)}" where a number was expected`);
  return null;
}

/**
 * A file in list format: null where there is none, the empty set where it is empty or `(null)`.
 * Damaged items are left out, with a warning.
 */
export async function readCpuList(files: HostFiles, path: string): Promise<CpuSet | null> {
  const text = await readText(files, path);
  if (text === null) return null;
  const { cpus, problems } = parseCpuList(text);
  for (const { item } of problems)
    files.warnings.add(path, `skipped "${item}", which is no CPU list`);
  return cpus;
}

/** The PU numbers of a cpufreq file, which has blanks between them (`0 1 2 3`); null where it is empty. */
export async function readSpacedCpus(files: HostFiles, path: string): Promise<CpuSet | null> {
  const word = await readWord(files, path);
  if (word === null) return null;
  const { cpus, problems } = parseCpuList(word.replaceAll(/\s+/g, ","));
  for (const { item } of problems) files.warnings.add(path, `skipped "${item}", which is no CPU`);
  return cpus;
}

/**
 * The numbers N of the entries `prefixN` in a directory, ascending; null where there is none, and with
 * a warning where it cannot be listed.
 */
export async function listNumbered(
  files: HostFiles,
  directory: string,
  prefix: string,
): Promise<readonly number[] | null> {
  const names = await files.reader.list(directory);
  if (names === null) {
    // A listing says no more than that; opening the directory tells why.
    const reading = await files.reader.read(directory);
    if (reading.state === "failed") files.warnings.add(directory, reading.reason);
    return null;
  }
  const pattern = new RegExp(`^${prefix}(\\d{1,9})$`);
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
