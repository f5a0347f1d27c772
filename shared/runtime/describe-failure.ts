/** What the system calls say most often, in words; a code that is not here keeps Node's message. */
const words: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EISDIR: "it is a directory",
  ENOTDIR: "something in its path is no directory",
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the device",
  EADDRINUSE: "the port is in use",
  EADDRNOTAVAIL: "this host has no such address",
  ENOTFOUND: "no host has this name",
};

/** Why a system call failed, in a few words and without the path, which the caller names. */
export function describeFailure(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  const known = typeof code === "string" ? words[code] : undefined;
  if (known !== undefined) return known;
  // grpc-js has the code of a listener's error in its text alone.
  const text = typeof message === "string" ? message : String(error);
  const inside = /\b(E[A-Z]{3,})\b/.exec(text)?.[1] ?? "";
  return words[inside] ?? text;
}
