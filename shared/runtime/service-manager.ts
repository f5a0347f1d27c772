import { spawn } from "node:child_process";

/**
 * Tells systemd that the program is ready, then, where its unit has a watchdog, that the event loop turns,
 * three times in each of its periods. Does nothing where no service manager asked, see sd_notify(3).
 * Node cannot write to a datagram socket of AF_UNIX, hence systemd-notify(1).
 */
export function tellServiceManager(
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): void {
  const socket = env["NOTIFY_SOCKET"];
  if (socket === undefined || socket === "") return;
  const tell = (...words: string[]): void => {
    const given = { NOTIFY_SOCKET: socket, PATH: env["PATH"] ?? "/usr/bin:/bin" };
    // Where it cannot be started the watchdog says so: the unit is started anew.
    spawn("systemd-notify", ["--no-block", ...words], { env: given, stdio: "ignore" }).on(
      "error",
      () => {},
    );
  };
  tell("--ready");
  const periodMs = Number(env["WATCHDOG_USEC"] ?? 0) / 1_000;
  const beat =
    periodMs > 0 ? setInterval(() => tell("WATCHDOG=1"), Math.floor(periodMs / 3)) : undefined;
  beat?.unref();
  const stopping = (): void => {
    clearInterval(beat);
    tell("STOPPING=1");
  };
  signal.addEventListener("abort", stopping, { once: true });
}
