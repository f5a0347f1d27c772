import { spawn } from "node:child_process";

export interface ServiceManager {
  /** The program does not serve yet, and why; the unit's time to start goes on meanwhile. */
  waiting(reason: string): void;
  /**
   * The program is ready; then, where its unit has a watchdog, that the event loop turns, three times in each of
   * its periods, until the signal aborts.
   */
  ready(signal: AbortSignal): void;
}

/** How long a program that waits may be silent before it is given up; longer than a pause and a try. */
const patienceMs = 60_000;
/** Of a status line. */
const maxStatusChars = 200;

/**
 * Tells systemd how the program is, see sd_notify(3). Does nothing where no service manager asked.
 * Node cannot write to a datagram socket of AF_UNIX, hence systemd-notify(1). It stays until systemd has read what it
 * wrote: the word of a process that has ended before belongs to no unit, and is lost.
 */
export function serviceManagerOf(
  env: Readonly<Record<string, string | undefined>>,
): ServiceManager {
  const socket = env["NOTIFY_SOCKET"];
  if (socket === undefined || socket === "") return { waiting: () => {}, ready: () => {} };
  const tell = (...words: string[]): void => {
    const given = { NOTIFY_SOCKET: socket, PATH: env["PATH"] ?? "/usr/bin:/bin" };
    // Where it cannot be started the watchdog says so: the unit is started anew.
    spawn("systemd-notify", words, { env: given, stdio: "ignore" }).on("error", () => {});
  };
  return {
    waiting(reason) {
      const line = reason.replaceAll(/\s+/g, " ").slice(0, maxStatusChars);
      tell(`--status=${line}`, `EXTEND_TIMEOUT_USEC=${patienceMs * 1_000}`);
    },
    ready(signal) {
      tell("--ready", "--status=serving");
      const periodMs = Number(env["WATCHDOG_USEC"] ?? 0) / 1_000;
      const beat =
        periodMs > 0 ? setInterval(() => tell("WATCHDOG=1"), Math.floor(periodMs / 3)) : undefined;
      beat?.unref();
      const stopping = (): void => {
        clearInterval(beat);
        tell("STOPPING=1");
      };
      signal.addEventListener("abort", stopping, { once: true });
    },
  };
}
