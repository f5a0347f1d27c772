import { writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { describeFailure } from "../../../shared/runtime/describe-failure.ts";
import { makeDirectory } from "../../../shared/runtime/make-directory.ts";
import { sleep } from "../../../shared/runtime/sleep.ts";
import { renderReport, reportFormats } from "../../report/formats.ts";
import { parseSweepFile } from "../../sweep-file/parse-sweep-file.ts";
import { startFleetOfOne } from "../../up/fleet-of-one.ts";
import { whileUp } from "../../up/while-up.ts";
import { followSweep } from "../follow.ts";
import { knownHosts } from "../known-hosts.ts";
import { knownSweeps } from "../known-sweeps.ts";
import { type Operator, withOperatorAt } from "../operator-client.ts";
import { fetchReport } from "../report-client.ts";
import { stateDirectory } from "../state-place.ts";
import { readSweepFile } from "../sweep-source.ts";
import { exitCodeOf, submitFile } from "./run.ts";

const sweepName = "quickstart";
const hostPollMs = 100;

export const quickstart: CliCommand = {
  name: sweepName,
  summary: "measure a BERT on this host with everything started and stopped for you",
  examples: ["npm run quickstart", "fleetsweep quickstart --file my-sweep.yaml"],

  declare(command, io) {
    command
      .option("--state <dir>", "state directory (FLEETSWEEP_STATE)")
      .option("--file <file>", "another sweep than that of examples/quickstart.yaml")
      .option("--out <dir>", "where the report's files go", "fleetsweep-out")
      .action(async (options: { state?: string; file?: string; out: string }) => {
        const { file = packagedFile("examples/quickstart.yaml"), out } = options;
        await checkBefore(file, out, io);
        const state = stateDirectory(io, options.state);
        const { node, signal } = io;
        io.talk(`Starting NATS, a coordinator and an agent; their state is in ${state}\n`);
        const listen = "127.0.0.1:0";
        const fleet = await startFleetOfOne({
          state,
          node,
          listen,
          coordinatorFlags: [],
          agentFlags: [],
          signal,
        });
        await whileUp(fleet, io, (stopped) =>
          withOperatorAt({ address: fleet.coordinator, trust: null }, stopped, (operator) =>
            measure(operator, { file, out }, { ...io, signal: stopped }),
          ),
        );
      });
  },
};

/** What would fail only after minutes of measuring. */
async function checkBefore(file: string, out: string, io: Io): Promise<void> {
  const { text, fileName } = await readSweepFile(file, io);
  parseSweepFile(text, fileName);
  const folder = resolve(io.cwd, out);
  await makeDirectory(folder).catch((cause) => {
    const what = `cannot make the folder ${out}: ${describeFailure(cause)}`;
    throw new FleetsweepError("config.invalid", what, { cause });
  });
}

async function measure(
  operator: Operator,
  options: { file: string; out: string },
  io: Io,
): Promise<void> {
  await untilHostIsThere(operator, io.signal);
  const sweepId =
    (await unfinished(operator, io)) ?? (await submitFile(operator, options.file, io));
  const outcome = await followSweep(operator, sweepId, io);
  const report = await fetchReport(operator, sweepId);
  io.out(reportFormats.table(report, io.columns));
  const folder = resolve(io.cwd, options.out, sweepId);
  await makeDirectory(folder);
  for (const format of ["html", "md", "csv", "json"] as const) {
    const file = join(folder, `report.${format}`);
    const text = await renderReport(format, report, { width: io.columns, style: "lines" });
    await writeFile(file, text ?? "");
    io.talk(`wrote ${relative(io.cwd, file)}\n`);
  }
  io.exitWith(exitCodeOf(outcome));
}

/** A quickstart that was interrupted goes on where it was. */
async function unfinished(operator: Operator, io: Io): Promise<string | undefined> {
  const { sweeps } = await knownSweeps(operator, 0);
  const open = sweeps.find(({ name, state }) => name === sweepName && state === "running");
  if (open !== undefined) io.talk(`going on with sweep ${open.sweepId}\n`);
  return open?.sweepId;
}

async function untilHostIsThere(operator: Operator, signal: AbortSignal): Promise<void> {
  for (;;) {
    const hosts = await knownHosts(operator);
    if (hosts.some(({ state }) => state !== "away")) return;
    await sleep(hostPollMs, signal);
  }
}

/** A file of the package: two folders above the sources, three above the built files. */
function packagedFile(path: string): string {
  const up = import.meta.url.endsWith(".ts") ? "../../.." : "../../../..";
  return fileURLToPath(new URL(`${up}/${path}`, import.meta.url));
}
