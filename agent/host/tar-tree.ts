import { gunzipSync } from "node:zlib";
import type { BinaryReading, SysfsReader } from "./sysfs-reader.ts";
import { parseTar } from "./tar-format.ts";

/** Bytes that a captured tree may take unpacked; the one of 1,376 CPUs takes 110 MB. */
export const maxTreeBytes = 1 << 30;

type Node =
  | { readonly type: "file"; readonly bytes: Uint8Array }
  | { readonly type: "directory"; readonly names: Set<string> }
  | { readonly type: "link"; readonly target: string };

/** As the kernel: a path with more links than this is a loop. */
const maxLinks = 40;

/**
 * Reads a captured tree (`.tar` or `.tar.gz`) without unpacking it to disk. Links are followed inside
 * the tree only, so that nothing of this host can show up as a fact of the captured one. Throws where
 * the bytes are no gzip stream.
 */
export function makeTarReader(archive: Uint8Array): SysfsReader {
  const isGzip = archive[0] === 0x1f && archive[1] === 0x8b;
  const bytes = isGzip ? gunzipSync(archive, { maxOutputLength: maxTreeBytes }) : archive;
  const nodes = buildTree(bytes);
  const read = (path: string): BinaryReading => {
    const node = resolve(nodes, path);
    if (node === "loop") return { state: "failed", reason: "is a loop of links" };
    if (node === undefined) return { state: "absent" };
    if (node.type === "file") return { state: "present", bytes: node.bytes };
    return { state: "failed", reason: "is a directory where a file was expected" };
  };
  return {
    read(path) {
      const reading = read(path);
      if (reading.state !== "present") return Promise.resolve(reading);
      return Promise.resolve({
        state: "present",
        text: Buffer.from(reading.bytes).toString("utf8"),
      });
    },
    readBinary: (path) => Promise.resolve(read(path)),
    list(path) {
      const node = resolve(nodes, path);
      const isDirectory = node !== undefined && node !== "loop" && node.type === "directory";
      return Promise.resolve(isDirectory ? [...node.names].sort() : null);
    },
  };
}

function buildTree(bytes: Uint8Array): Map<string, Node> {
  const nodes = new Map<string, Node>([["", { type: "directory", names: new Set() }]]);
  for (const entry of parseTar(bytes)) {
    if (entry.path === "" || entry.path.split("/").includes("..")) continue;
    addToParent(nodes, entry.path);
    if (entry.type === "directory") addDirectory(nodes, entry.path);
    else nodes.set(entry.path, entry);
  }
  return nodes;
}

/** Archives may leave out the directories of their files. */
function addToParent(nodes: Map<string, Node>, path: string): void {
  const cut = path.lastIndexOf("/");
  const parent = path.slice(0, Math.max(cut, 0));
  const node = nodes.get(parent);
  if (node?.type === "directory") {
    node.names.add(path.slice(cut + 1));
    return;
  }
  addToParent(nodes, parent);
  nodes.set(parent, { type: "directory", names: new Set([path.slice(cut + 1)]) });
}

function addDirectory(nodes: Map<string, Node>, path: string): void {
  if (nodes.get(path)?.type !== "directory") {
    nodes.set(path, { type: "directory", names: new Set() });
  }
}

function resolve(nodes: ReadonlyMap<string, Node>, path: string): Node | undefined | "loop" {
  let todo = path.split("/").reverse();
  let done: string[] = [];
  let links = 0;
  for (let part = todo.pop(); part !== undefined; part = todo.pop()) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      done.pop();
      continue;
    }
    const node = nodes.get([...done, part].join("/"));
    if (node === undefined) return undefined;
    if (node.type !== "link") {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > maxLinks) return "loop";
    if (node.target.startsWith("/")) done = [];
    todo = [...todo, ...node.target.split("/").reverse()];
  }
  return nodes.get(done.join("/"));
}
