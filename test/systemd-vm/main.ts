import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchNodeRuntime } from "../../deploy/package/node-runtime.ts";
import { freePort } from "../support/free-port.ts";
import { cost } from "./cost.ts";
import { makeFleet, Operator, whyNot } from "./fleet.ts";
import { killedAgent, rootAgent, shippedUnit, withoutDelegation } from "./launches.ts";
import { Machine } from "./machine.ts";
import { scopesAlone } from "./scopes.ts";
import type { Stage } from "./stage.ts";
import { install, natsAway, startUnits, transientAgent, watchdog } from "./units.ts";

/**
 * Runs the units on a real systemd: in a virtual machine with two packages and two NUMA nodes, a fleet of one
 * host does what docs/systemd.md promises. Ends with 1 at the first thing that does not hold, and with 0 and a
 * message where this host cannot run the machine. With `--steps 1-2,5` only those steps; from the third on they
 * build on the third, and from the fifth on on the fourth.
 */
const steps: readonly [string, (stage: Stage) => Promise<void>][] = [
  ["scopes, by the agent's own code", scopesAlone],
  ["what a scope costs", cost],
  ["Debian, with program, units and settings as a package has them", install],
  ["the units, and mutual TLS from a join token on", startUnits],
  [
    "the agent's unit as it is shipped: no root, every instance in a cgroup of its own",
    shippedUnit,
  ],
  ["kill -9 of it in the middle of a launch", killedAgent],
  ["a coordinator that is started before NATS", natsAway],
  ["the watchdog of a coordinator whose event loop stands still", watchdog],
  ["the shipped unit where nothing is delegated to it", withoutDelegation],
  ["an agent of root: scopes of the host's manager, and a kill -9", rootAgent],
  ["the transient agent", transientAgent],
];

const project = fileURLToPath(new URL("../..", import.meta.url));
const startedMs = Date.now();
const see = (text: string): void => {
  const seconds = Math.round((Date.now() - startedMs) / 1_000);
  process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
};

/** Of `--steps 3-4,9`, counted from 1; all where nothing is said. */
function chosenSteps(): typeof steps {
  const at = process.argv.indexOf("--steps");
  if (at === -1) return steps;
  const ranges = (process.argv[at + 1] ?? "").split(",").map((range) => {
    const [, first = "", last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    return [Number(first), Number(last)] as const;
  });
  const chosen = steps.filter((_, index) =>
    ranges.some(([first, last]) => index + 1 >= first && index + 1 <= last),
  );
  if (chosen.length === 0) throw new Error(`--steps is such as 3-4,9, of 1 to ${steps.length}`);
  return chosen;
}

async function runMachine(directory: string): Promise<void> {
  const chosen = chosenSteps();
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const base = join(cache, "fleetsweep", "systemd-vm", "bookworm-1");
  const productImage = join(directory, "product.img");
  const state = join(directory, "state");
  await makeFleet(state);
  see("making the disks; the first time this installs a Debian");
  const image = fileURLToPath(new URL("image.sh", import.meta.url));
  // The one that the packages carry.
  const runtime = await fetchNodeRuntime(join(project, "node_modules/.cache/fleetsweep"));
  execFileSync("bash", [image, base, productImage, state, join(runtime, "bin/node")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const port = await freePort();
  const accelerator = process.env["FLEETSWEEP_VM_ACCEL"] ?? "tcg";
  const machine = await Machine.boot({ base, productImage, directory, port, accelerator }, 300_000);
  see("the machine has booted");
  const operator = new Operator(port, join(state, "coordinator", "operator"));
  try {
    for (const [title, step] of chosen) {
      see(`== ${steps.findIndex(([other]) => other === title) + 1}: ${title}`);
      await step({ machine, operator, see });
    }
  } catch (error) {
    const journal =
      "systemctl --failed --no-pager; journalctl --no-pager -n 80 -o short-monotonic | cut -c1-400";
    process.stderr.write(
      await machine.run(journal).then(
        ({ output }) => output,
        () => machine.console(),
      ),
    );
    throw error;
  } finally {
    await machine.stop();
  }
}

const missing = whyNot(process.getuid?.() ?? -1);
if (missing !== null) {
  process.stdout.write(`skipped: ${missing}\n`);
} else {
  const directory = mkdtempSync(join(tmpdir(), "fleetsweep-vm-"));
  try {
    await runMachine(directory);
    see("all of it holds");
  } catch (error) {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
