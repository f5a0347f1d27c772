import type { Command } from "commander";
import type { ChangeScheduleRequest } from "../../../proto/gen/fleetsweep/v1/ChangeScheduleRequest.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { listSchedules, showFires, showSchedule } from "../../report/schedule-text.ts";
import type { ScheduleDocument } from "../../schedules/schedule-document.ts";
import { withPlaceOptions } from "../operator-client.ts";
import { type AddOptions, changeSchedule, fetchSchedules, toSpecJson } from "../schedule-client.ts";
import type { PlaceOptions } from "../state-place.ts";
import { readSweepFile } from "../sweep-source.ts";
import { wantsJson } from "../table-or-json.ts";

export const schedule: CliCommand = {
  name: "schedule",
  summary: "run a sweep file again and again, and hear of what changed",
  examples: [
    'fleetsweep schedule add nightly --cron "0 2 * * *" --tz Europe/Paris sweep.yaml',
    "fleetsweep schedule list",
    "fleetsweep schedule show nightly        # its next fires",
    "fleetsweep schedule history nightly     # what each fire found",
    "fleetsweep schedule baseline nightly nightly@2026-11-22T02:00:00Z",
  ],

  declare(command, io) {
    declareAdd(command, io);
    declareReading(command, io, {
      verb: "list",
      what: "list the schedules",
      render: listSchedules,
    });
    declareShow(command, io);
    declareReading(command, io, {
      verb: "history <name>",
      what: "show what each fire found, the newest last",
      render: (listed) => listed.map(showFires).join(""),
    });
    for (const change of changes) declareChange(command, io, change);
  },
};

function declareAdd(command: Command, io: Io): void {
  withPlaceOptions(command.command("add <name> <file>"))
    .description("add a schedule; its sweeps are called NAME@TIME")
    .requiredOption("--cron <pattern>", "minute, hour, day of month, month, day of week")
    .option("--tz <zone>", "IANA time zone of the pattern", "UTC")
    .option(
      "--missed <policy>",
      "fires that no coordinator was there for: skip, last or all",
      "last",
    )
    .option(
      "--overlap <policy>",
      "while the last sweep is not over: forbid, queue or replace",
      "forbid",
    )
    .option("--jitter <time>", "start up to so much later, always equally for the same fire", "0s")
    .option("--maintenance <window>", 'no fire in "CRON for TIME"; may be repeated', collect, [])
    .option("--start-within <time>", "how long a fire waits for hosts that can run it", "1h")
    .option("--keep <fires>", "fires that the history keeps", "100")
    .action(async (name: string, file: string, options: AddOptions) => {
      const { fileName, text: source } = await readSweepFile(file, io);
      const add = { specJson: toSpecJson(options), fileName, source };
      await changeSchedule(io, options, { name, add });
      const [added] = await fetchSchedules(io, options, { name, nextFires: 1 });
      io.talk(`schedule ${name} fires next at ${added?.next[0]?.at ?? "no time"}\n`);
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

interface Reading {
  readonly verb: string;
  readonly what: string;
  readonly render: (listed: readonly ScheduleDocument[]) => string;
}

function declareReading(command: Command, io: Io, { verb, what, render }: Reading): void {
  const declared = withPlaceOptions(command.command(verb))
    .description(what)
    .option("-o, --output <format>", "table or json", "table");
  const read = async (name: string, options: PlaceOptions & { output: string }) => {
    const isJson = wantsJson(options.output);
    const listed = await fetchSchedules(io, options, { name, nextFires: 5 });
    io.out(isJson ? `${JSON.stringify(listed, null, 2)}\n` : render(listed));
  };
  if (verb.includes("<name>")) declared.action(read);
  else declared.action((options: PlaceOptions & { output: string }) => read("", options));
}

interface ShowOptions extends PlaceOptions {
  readonly next: string;
  readonly output: string;
}

function declareShow(command: Command, io: Io): void {
  withPlaceOptions(command.command("show <name>"))
    .description("show a schedule and its next fires")
    .option("--next <count>", "how many of its next fires, up to 100", "5")
    .option("-o, --output <format>", "table or json", "table")
    .action(async (name: string, options: ShowOptions) => {
      const isJson = wantsJson(options.output);
      const nextFires = Number(options.next);
      if (!Number.isInteger(nextFires) || nextFires < 0 || nextFires > 100) {
        throw new FleetsweepError("config.invalid", `--next is 0 to 100, not "${options.next}"`);
      }
      const [shown] = await fetchSchedules(io, options, { name, nextFires });
      if (shown === undefined) return;
      io.out(isJson ? `${JSON.stringify(shown, null, 2)}\n` : showSchedule(shown));
    });
}

interface Change {
  readonly verb: string;
  readonly what: string;
  /** The second argument is what the verb takes beside the name. */
  readonly toRequest: (argument: string | undefined) => ChangeScheduleRequest;
}

const changes: readonly Change[] = [
  {
    verb: "pause <name> [reason]",
    what: "let it not fire until it is resumed",
    toRequest: (reason = "") => ({ pause: { reason } }),
  },
  {
    verb: "resume <name>",
    what: "let it fire again; what fell into the pause is gone",
    toRequest: () => ({ resume: {} }),
  },
  {
    verb: "run-now <name>",
    what: "fire it now, beside its times; prints the sweep's id",
    toRequest: () => ({ runNow: {} }),
  },
  {
    verb: "baseline <name> [sweep]",
    what: "compare every later sweep with this one as well; without one, no longer",
    toRequest: (sweepId = "") => ({ pin: { sweepId } }),
  },
  {
    verb: "rm <name>",
    what: "remove it; its sweeps and their results stay",
    toRequest: () => ({ remove: {} }),
  },
];

function declareChange(command: Command, io: Io, { verb, what, toRequest }: Change): void {
  withPlaceOptions(command.command(verb))
    .description(what)
    .action(async (name: string, ...rest: unknown[]) => {
      // commander gives the arguments, then the options, then the command.
      const argument = typeof rest[0] === "string" ? rest[0] : undefined;
      const options = rest.at(-2) as PlaceOptions;
      const sweepId = await changeSchedule(io, options, { name, ...toRequest(argument) });
      if (sweepId !== "") io.out(`${sweepId}\n`);
      io.talk(`schedule ${name}: done\n`);
    });
}
