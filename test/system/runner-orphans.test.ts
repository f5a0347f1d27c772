import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";

const owner = fileURLToPath(new URL("../fixtures/runners/launch-owner.mts", import.meta.url));

test.each(["hang-timed", "busy-timed"])(
  "a runner that is in %s ends when its agent is killed with -9",
  async (fault) => {
    const agent = spawn(process.execPath, ["--import", "tsx", owner, fault], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = (await once(createInterface({ input: agent.stdout }), "line")) as [string];
    const runnerPid = Number(line);
    expect(existsSync(`/proc/${runnerPid}`)).toBe(true);
    agent.kill("SIGKILL");
    await vi.waitFor(() => expect(existsSync(`/proc/${runnerPid}`)).toBe(false), {
      timeout: 10_000,
      interval: 20,
    });
  },
);
