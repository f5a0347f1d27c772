import type { Io } from "./command.ts";

/** A terminal is rarely narrower, and a pipe has no width. */
const defaultColumns = 80;
/** The shell's convention for a program that SIGINT ended: 128 + 2. */
const interruptedExitCode = 130;

/** The process as the CLI may touch it; `main.ts` passes its own. */
export function nodeIo(owner: NodeJS.Process): Io {
  // Read at once: a parent that dies while we start must be noticed as well.
  const { stdout, stderr, ppid: parentPid } = owner;
  // A reader such as `head` that has seen enough is no failure.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") owner.exit(0);
    throw error;
  });
  return {
    out: (text) => stdout.write(text),
    talk: (text) => stderr.write(text),
    env: owner.env,
    cwd: owner.cwd(),
    columns: stdout.columns ?? stderr.columns ?? defaultColumns,
    stdoutIsTty: stdout.isTTY ?? false,
    stderrIsTty: stderr.isTTY ?? false,
    node: {
      pid: owner.pid,
      execPath: owner.execPath,
      execArgv: owner.execArgv,
      version: owner.versions.node,
      parentDied: () => owner.ppid !== parentPid,
    },
    signal: watchSignals(owner),
    inputEnd: () => watchInputEnd(owner),
    exitWith: (code) => {
      owner.exitCode = code;
    },
  };
}

function watchSignals(owner: NodeJS.Process): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    owner.on(signal, () => {
      // The second one means it: whoever waits in vain can still leave.
      if (interruption.signal.aborted) owner.exit(interruptedExitCode);
      owner.exitCode = interruptedExitCode;
      interruption.abort();
    });
  }
  return interruption.signal;
}

function watchInputEnd({ stdin }: NodeJS.Process): AbortSignal {
  const ended = new AbortController();
  stdin.on("end", () => ended.abort()).on("error", () => ended.abort());
  stdin.resume();
  // A program that has nothing else to do ends all the same.
  if ("unref" in stdin && typeof stdin.unref === "function") stdin.unref();
  return ended.signal;
}
