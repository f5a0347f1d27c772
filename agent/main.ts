#!/usr/bin/env node
import type { Io } from "./cli/command.ts";
import { runCli } from "./cli/run-cli.ts";

/** A terminal is rarely narrower, and a pipe has no width. */
const defaultColumns = 80;

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {
    // The second one means it: whoever waits in vain can still leave.
    if (interruption.signal.aborted) process.exit(130);
    process.exitCode = 130;
    interruption.abort();
  });
}
// A reader such as `head` that has seen enough is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

const io: Io = {
  out: (text) => process.stdout.write(text),
  talk: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  columns: process.stdout.columns ?? defaultColumns,
  stdoutIsTty: process.stdout.isTTY ?? false,
  signal: interruption.signal,
  exitWith: (code) => {
    process.exitCode = code;
  },
};
await runCli(process.argv.slice(2), io);
