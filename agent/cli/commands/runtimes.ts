import { resolve } from "node:path";
import type { Command } from "commander";
import { formatColumns } from "../../../shared/cli/columns.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { defaultRuntimesDirectory } from "../../config.ts";
import { installRuntime, removeRuntime } from "../../runners/runtimes/install.ts";
import { type RuntimeState, readRuntime } from "../../runners/runtimes/installed.ts";
import { findRuntime, runtimes as known, type Runtime } from "../../runners/runtimes/known.ts";
import { linkedLibraries, offeredBy } from "../../runners/runtimes/probe-result.ts";

interface PlaceOptions {
  readonly directory?: string;
}

export const runtimes: CliCommand = {
  name: "runtimes",
  summary: "list, install and remove the Python environments of PyTorch and TensorFlow",
  examples: [
    "fleetsweep runtimes list",
    "fleetsweep runtimes install pytorch",
    "fleetsweep runtimes install tensorflow --wheels /media/wheels",
    "fleetsweep runtimes remove intel-tensorflow",
  ],
  declare(command, io) {
    const place = (verb: Command): Command =>
      verb.option("--directory <dir>", "where the environments are, as the agent's file says");
    place(command.command("list"))
      .description("what is installed, which versions, and what each links")
      .option("--json", "print everything that the probes found")
      .action((options: PlaceOptions & { json?: true }) => list(options, io));
    place(command.command("install <names...>"))
      .description("install from the pinned lock files; what is there already is left alone")
      .option("--wheels <dir>", "take the wheels from this directory, without any network")
      .action((names: string[], options: PlaceOptions & { wheels?: string }) =>
        install(names, options, io),
      );
    place(command.command("remove <name>"))
      .description("remove an installed environment")
      .action((name: string, options: PlaceOptions) => remove(name, options, io));
  },
};

async function list(options: PlaceOptions & { json?: true }, io: Io): Promise<void> {
  const base = directoryOf(options, io);
  const rows: string[][] = [["RUNTIME", "STATE", "VERSION", "BLAS", "ONEDNN", "OPENMP", "RUNS"]];
  const notes: string[] = [];
  const found: unknown[] = [];
  for (const runtime of known) {
    const state = await readRuntime(base, runtime, io.signal);
    found.push({ runtime: runtime.name, summary: runtime.summary, ...state });
    rows.push(toRow(runtime, state));
    notes.push(...toNotes(runtime, state));
  }
  if (options.json === true) {
    io.out(`${JSON.stringify({ directory: base, runtimes: found }, null, 2)}\n`);
    return;
  }
  io.out(formatColumns(rows));
  for (const note of notes) io.talk(`${note}\n`);
}

function toRow({ name }: Runtime, state: RuntimeState): string[] {
  if (state.state !== "installed") return [name, state.state, "-", "-", "-", "-", "-"];
  const { probe } = state;
  const { blas, onednn, openmp } = linkedLibraries(probe);
  const { modes, dtypes } = offeredBy(probe);
  return [
    name,
    "installed",
    probe.version,
    blas,
    onednn,
    openmp,
    `${modes.join(",")} x ${dtypes.join(",")}`,
  ];
}

function toNotes({ name }: Runtime, state: RuntimeState): string[] {
  if (state.state === "absent") return [`${name}: ${state.how}`];
  if (state.state === "broken") return [`${name}: ${state.reason}`];
  const { warning } = linkedLibraries(state.probe);
  const missing = Object.entries(state.probe.missing).map(
    ([pair, why]) => `${name}: no ${pair}: ${why.slice(0, 160)}`,
  );
  return warning === null ? missing : [`${name}: ${warning}`, ...missing];
}

async function install(
  names: readonly string[],
  options: PlaceOptions & { wheels?: string },
  io: Io,
): Promise<void> {
  const wanted = names.map(named);
  for (const runtime of wanted) {
    const changed = await installRuntime(runtime, {
      base: directoryOf(options, io),
      environment: io.env,
      pid: io.node.pid,
      signal: io.signal,
      wheels: options.wheels === undefined ? null : resolve(io.cwd, options.wheels),
      talk: (line) => io.talk(`${runtime.name}: ${line}\n`),
    });
    io.talk(`${runtime.name}: ${changed ? "installed" : "is installed already"}\n`);
  }
}

async function remove(name: string, options: PlaceOptions, io: Io): Promise<void> {
  const base = directoryOf(options, io);
  const removed = await removeRuntime(named(name), { base, pid: io.node.pid });
  io.talk(`${name}: ${removed ? "removed" : "is not installed"}\n`);
}

function directoryOf({ directory }: PlaceOptions, io: Io): string {
  return directory === undefined ? defaultRuntimesDirectory(io.env) : resolve(io.cwd, directory);
}

function named(name: string): Runtime {
  const runtime = findRuntime(name);
  if (runtime !== undefined) return runtime;
  const names = known.map((one) => one.name).join(", ");
  throw new FleetsweepError("config.invalid", `no runtime is called ${name}: there are ${names}`);
}
