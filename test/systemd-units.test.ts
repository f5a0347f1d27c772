import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { launchSlice } from "../agent/knobs/scope.ts";

const folder = fileURLToPath(new URL("../deploy/systemd/", import.meta.url));
const isThere = spawnSync("systemd-analyze", ["--version"]).status === 0;
const units = readdirSync(folder).filter((name) => name.endsWith(".service"));
const slices = readdirSync(folder).filter((name) => name.endsWith(".slice"));

/**
 * The most exposure in tenths that `systemd-analyze security` may find, of 100. Those of systemd 252 are
 * 13, 16 and 25; the agent's is higher for CAP_DAC_OVERRIDE and a writable /sys. One point is for other versions.
 */
const thresholds: Readonly<Record<string, number>> = {
  "fleetsweep-nats.service": 23,
  "fleetsweep-coordinator.service": 25,
  "fleetsweep-agent.service": 35,
};

test("every unit has a threshold of exposure", () => {
  expect(units.toSorted()).toEqual(Object.keys(thresholds).toSorted());
});

test.skipIf(!isThere).each(units)(
  "%s is right and exposes no more than it must (needs systemd-analyze)",
  (unit) => {
    const directory = mkdtempSync(join(tmpdir(), "fleetsweep-units-"));
    try {
      // The programs are not installed where tests run.
      const text = readFileSync(join(folder, unit), "utf8").replace(
        /^ExecStart=\S+/m,
        "ExecStart=/bin/true",
      );
      const copy = join(directory, unit);
      writeFileSync(copy, text);
      const verified = spawnSync("systemd-analyze", ["verify", "--man=no", copy], {
        encoding: "utf8",
      });
      expect(verified.stderr.split("\n").filter((line) => line.includes(unit))).toEqual([]);
      expect(verified.status).toBe(0);
      const threshold = `--threshold=${thresholds[unit]}`;
      const checked = spawnSync("systemd-analyze", [
        "security",
        "--no-pager",
        "--offline=true",
        threshold,
        copy,
      ]);
      expect(checked.status).toBe(0);
      execFileSync("sed", ["-i", "/^Protect\\|^Restrict\\|^SystemCall\\|^Private/d", copy]);
      const laid = spawnSync("systemd-analyze", [
        "security",
        "--no-pager",
        "--offline=true",
        threshold,
        copy,
      ]);
      // A unit without its protections must fail, or the threshold holds nothing down.
      expect(laid.status).not.toBe(0);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
);

test.skipIf(!isThere).each(slices)("%s is right (needs systemd-analyze)", (slice) => {
  const verified = spawnSync("systemd-analyze", ["verify", "--man=no", join(folder, slice)], {
    encoding: "utf8",
  });
  expect(verified.stderr.split("\n").filter((line) => line.includes(slice))).toEqual([]);
  expect(verified.status).toBe(0);
});

test("launches run in the slice that is shipped", () => {
  expect(slices).toEqual([launchSlice]);
});
