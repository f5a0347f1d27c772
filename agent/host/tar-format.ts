/** One member of a tar archive; other types (devices, FIFOs) are left out. */
export type TarEntry =
  | { readonly type: "file"; readonly path: string; readonly bytes: Uint8Array }
  | { readonly type: "directory"; readonly path: string }
  | { readonly type: "link"; readonly path: string; readonly target: string };

const blockBytes = 512;

/** More members than any sysfs has that this program reads: 1,376 CPUs make 87,000. */
export const maxTarEntries = 1 << 20;

/**
 * The members of a tar archive in the ustar, pax or GNU format, in their order. A damaged or cut-off
 * archive yields what stands before the damage.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
export function* parseTar(archive: Uint8Array): Generator<TarEntry> {
  let offset = 0;
  let count = 0;
  let longName: string | undefined;
  let longTarget: string | undefined;
  while (offset + blockBytes <= archive.length && count < maxTarEntries) {
    const header = archive.subarray(offset, offset + blockBytes);
    const size = parseOctal(header, 124, 12);
    if (header[0] === 0 || size === null) return;
    const body = archive.subarray(offset + blockBytes, offset + blockBytes + size);
    offset += blockBytes + Math.ceil(size / blockBytes) * blockBytes;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") longName = parseText(body);
    else if (type === "K") longTarget = parseText(body);
    else if (type === "x") {
      const records = parsePax(body);
      longName = records.get("path") ?? longName;
      longTarget = records.get("linkpath") ?? longTarget;
    } else if (type !== "g") {
      const path = cleanPath(longName ?? headerName(header));
      const target = longTarget ?? parseText(header.subarray(157, 257));
      const entry = toEntry(type, path, target, body);
      longName = undefined;
      longTarget = undefined;
      count += 1;
      if (entry !== null) yield entry;
    }
  }
}

function toEntry(type: string, path: string, target: string, body: Uint8Array): TarEntry | null {
  if (type === "5") return { type: "directory", path };
  if (type === "2") return { type: "link", path, target };
  return type === "0" || type === "\0" ? { type: "file", path, bytes: body } : null;
}

function headerName(header: Uint8Array): string {
  const name = parseText(header.subarray(0, 100));
  const isUstar = parseText(header.subarray(257, 262)) === "ustar";
  const prefix = isUstar && header[263] === 0x30 ? parseText(header.subarray(345, 500)) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

function cleanPath(path: string): string {
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

function parseText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
}

function parseOctal(header: Uint8Array, offset: number, length: number): number | null {
  const text = parseText(header.subarray(offset, offset + length)).trim();
  return /^[0-7]{1,11}$/.test(text) ? Number.parseInt(text, 8) : null;
}

/** Records read `LENGTH key=value\n`, where the length counts the record itself. */
function parsePax(body: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  let rest = Buffer.from(body);
  while (rest.length > 0) {
    const match = /^(\d{1,9}) ([^=]+)=/.exec(rest.subarray(0, 200).toString("utf8"));
    const length = Number(match?.[1]);
    if (match === null || length < match[0].length || length > rest.length) break;
    records.set(match[2] ?? "", rest.subarray(match[0].length, length - 1).toString("utf8"));
    rest = rest.subarray(length);
  }
  return records;
}

/** The longest path that the ustar format holds. */
export const maxTarPathBytes = 255;

/** What goes into an archive: a file, or without `bytes` an empty directory. */
export interface TarMember {
  readonly path: string;
  readonly bytes?: Uint8Array;
}

/**
 * One archive in the ustar format; paths of at most {@link maxTarPathBytes}. Owners, times and modes
 * are fixed, so that the same members make the same bytes.
 */
export function writeTar(members: readonly TarMember[]): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (const { path, bytes } of members) {
    blocks.push(writeHeader(path, bytes?.length ?? null));
    if (bytes === undefined) continue;
    const padding = (blockBytes - (bytes.length % blockBytes)) % blockBytes;
    blocks.push(bytes, new Uint8Array(padding));
  }
  blocks.push(new Uint8Array(2 * blockBytes));
  return Buffer.concat(blocks);
}

/** `size` is null for a directory. */
function writeHeader(path: string, size: number | null): Uint8Array {
  const header = Buffer.alloc(blockBytes);
  const { prefix, name } = splitPath(path);
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  const mode = size === null ? 0o755 : 0o644;
  header.write(name, 0, 100, "utf8");
  header.write(`${octal(mode, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, "latin1");
  header.write(`${octal(size ?? 0, 11)}\0${octal(0, 11)}\0`, 124, "latin1");
  // The checksum is taken with its own field full of blanks.
  header.write(`        ${size === null ? "5" : "0"}`, 148, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  header.write(prefix, 345, 155, "utf8");
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${octal(checksum, 6)}\0 `, 148, "latin1");
  return header;
}

/** A name over 100 bytes goes on in the prefix field, cut at a slash. */
function splitPath(path: string): { readonly prefix: string; readonly name: string } {
  if (path.length <= 100) return { prefix: "", name: path };
  const cut = path.indexOf("/", path.length - 101);
  return { prefix: path.slice(0, cut), name: path.slice(cut + 1) };
}
