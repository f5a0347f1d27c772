import { tuningParameters } from "../../shared/domain/kernel-parameters.ts";
import { aliasCgroup } from "./cgroup-aliases.ts";

/** Text → the text without what names the host or its people. */
type RedactText = (text: string) => string;

const keepLines =
  (pattern: RegExp): RedactText =>
  (text) =>
    text
      .split("\n")
      .filter((line) => line === "" || pattern.test(line))
      .join("\n");

const dropLines =
  (pattern: RegExp): RedactText =>
  (text) =>
    text
      .split("\n")
      .filter((line) => !pattern.test(line))
      .join("\n");

/** Files that say more than what the host is made of. All others are kept as they are. */
const redactions: Readonly<Record<string, RedactText>> = {
  // Other parameters name disks, consoles and servers; after -- stands what init is told.
  "proc/cmdline": (text) => `${tuningParameters(text.split(" -- ")[0] ?? "").join(" ")}\n`,
  "proc/cpuinfo": dropLines(/^serial\b/i),
  "proc/hwloc-nofile-info": dropLines(/^HostName:/),
  // Mounts name disks, servers and users, and what is mounted may be called anything.
  "proc/mounts": (text) =>
    keepLines(/ (cgroup|cgroup2|cpuset) /)(text).replaceAll(/^\S+ /gm, "cgroup "),
  "proc/self/cgroup": (text) =>
    keepLines(/^\d+:([^:]*\b(?:cpuset|cpu|memory)\b[^:]*)?:/)(text).replaceAll(
      /^(\d+:[^:]*:)(.*)$/gm,
      (_, head: string, name: string) => `${head}${aliasCgroup(name)}`,
    ),
  "proc/self/cpuset": (text) => `${aliasCgroup(text.trim())}\n`,
  "proc/self/status": keepLines(/^(Cpus|Mems)_allowed_list:/),
  // The rest of the line names who built the kernel, and where.
  "proc/version": (text) => `${/^Linux version \S+/.exec(text)?.[0] ?? ""}\n`,
};

/** The text of a captured file without host names, users, disks and serial numbers. */
export function redactText(path: string, text: string): string {
  return redactions[path]?.(text) ?? text;
}

/** Offsets of string numbers in a memory device record: serial number and asset tag (DSP0134, 7.18). */
const secretStrings = [0x18, 0x19] as const;

/** A raw SMBIOS record of a memory device whose serial number and asset tag are overwritten. */
export function redactMemoryDevice(raw: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(raw);
  const length = bytes[1] ?? 0;
  const secret = new Set(secretStrings.flatMap((at) => (at < length ? [bytes[at] ?? 0] : [])));
  let current = 1;
  for (let index = length; index < bytes.length; index += 1) {
    if (bytes[index] === 0) current += 1;
    else if (secret.has(current)) bytes[index] = 0x78;
  }
  return bytes;
}
