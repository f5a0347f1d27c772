import { gzipSync } from "node:zlib";
import { makeCgroupRenamer } from "../logic/cgroup-aliases.ts";
import { redactMemoryDevice, redactText } from "../logic/redact.ts";
import type { SysfsReader } from "./sysfs-reader.ts";
import { maxTarPathBytes, type TarMember, writeTar } from "./tar-format.ts";
import { readTopology } from "./topology.ts";

/** A captured tree, and the paths that its format could not hold. */
export interface Capture {
  readonly archive: Uint8Array;
  readonly files: number;
  readonly leftOut: readonly string[];
}

/** Entries whose number is the fact: a reader lists them and may read nothing inside. */
const numbered = /^(?:cpu|node|index|state|policy|17-)\d+$|^hugepages-\d+kB$/;

/**
 * Reads the host's topology and saves exactly the files that were read, so that reading the capture
 * gives the same topology. Host names, users, disks and serial numbers are taken out.
 */
export async function captureTree(reader: SysfsReader): Promise<Capture> {
  const files = new Map<string, Uint8Array>();
  const directories = new Set<string>();
  const texts = new Map<string, string>();
  await readTopology(makeRecorder(reader, { files, directories, texts }));
  const rename = makeCgroupRenamer({
    mounts: texts.get("proc/mounts") ?? null,
    cgroup: texts.get("proc/self/cgroup") ?? null,
    cpuset: texts.get("proc/self/cpuset") ?? null,
  });
  const parents = new Set([...files.keys()].flatMap(ancestorsOf));
  const empty = [...directories].filter((path) => !parents.has(path) && !files.has(path));
  const members: TarMember[] = [
    ...empty.map((path) => ({ path })),
    ...[...files].map(([path, bytes]) => ({ path: rename(path), bytes })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  const fits = ({ path }: TarMember): boolean => Buffer.byteLength(path) <= maxTarPathBytes;
  return {
    archive: gzipSync(writeTar(members.filter(fits))),
    files: files.size,
    leftOut: members.filter((member) => !fits(member)).map(({ path }) => path),
  };
}

/** What was read, as it is kept; `texts` are those that name cgroups, as they were read. */
interface Recording {
  readonly files: Map<string, Uint8Array>;
  readonly directories: Set<string>;
  readonly texts: Map<string, string>;
}

const cgroupTexts = new Set(["proc/mounts", "proc/self/cgroup", "proc/self/cpuset"]);

function makeRecorder(reader: SysfsReader, { files, directories, texts }: Recording): SysfsReader {
  return {
    async read(path) {
      const reading = await reader.read(path);
      if (reading.state === "present") {
        if (cgroupTexts.has(path)) texts.set(path, reading.text);
        files.set(path, Buffer.from(redactText(path, reading.text)));
      }
      return reading;
    },
    async readBinary(path) {
      const reading = await reader.readBinary(path);
      if (reading.state === "present") files.set(path, redactMemoryDevice(reading.bytes));
      return reading;
    },
    async list(path) {
      const names = await reader.list(path);
      if (names === null) return names;
      directories.add(path);
      for (const name of names) if (numbered.test(name)) directories.add(`${path}/${name}`);
      return names;
    },
  };
}

function ancestorsOf(path: string): string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join("/"));
}
