import type { Command } from "commander";
import type { CordonHostResponse__Output } from "../../../proto/gen/fleetsweep/v1/CordonHostResponse.ts";
import type { UncordonHostResponse__Output } from "../../../proto/gen/fleetsweep/v1/UncordonHostResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { FleetsweepError } from "../../../shared/domain/errors.ts";
import { countOf } from "../../../shared/domain/text-layout.ts";
import { isAway } from "../../report/host-sentences.ts";
import { awaitDrained } from "../await-drained.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

/** A verb that takes a host out of service or back, with the reason that everybody will see. */
interface HostVerb {
  readonly name: string;
  readonly summary: string;
  readonly examples?: readonly string[];
  readonly declare?: (command: Command) => void;
  /** What the host does from now on, in words behind its id. */
  readonly ask: (
    operator: Operator,
    hostId: string,
    options: VerbOptions,
    io: Io,
  ) => Promise<string>;
}

interface VerbOptions extends PlaceOptions {
  readonly reason: string;
  /** Minutes; of `drain` alone. */
  readonly wait?: string;
}

/** Between two looks at a host that is being drained, in ms. */
const lookEveryMs = 2_000;
/** Longer than any launch may last. */
const maxWaitMinutes = 24 * 60;

export const drain = hostCommand({
  name: "drain",
  summary: "let a host finish its launch, hand its grant back and get no other",
  examples: ["fleetsweep drain HOST --wait 60 && ssh HOST reboot"],
  declare: (command) =>
    command.option("--wait <minutes>", "until it measures nothing, or end with 1 after so long"),
  ask: async (operator, hostId, { reason, wait }, io) => {
    const minutes = wait === undefined ? null : readMinutes(wait);
    const state = await cordonHost(operator, { hostId, drain: true, reason });
    if (minutes !== null) return await drained(operator, hostId, minutes, io);
    if (isAway(state)) return "gets no grant when it is back";
    if (state.startsWith("drained")) return "is drained: it measures nothing and gets no grant";
    return "finishes its launch and gets no other";
  },
});

export const undrain = hostCommand({
  name: "undrain",
  summary: "give a drained or cordoned host work again",
  ask: uncordonHost,
});

export const cordon = hostCommand({
  name: "cordon",
  summary: "give a host no new grant; what it has been granted goes on",
  ask: async (operator, hostId, { reason }) => {
    await cordonHost(operator, { hostId, drain: false, reason });
    return "gets no new grant";
  },
});

export const uncordon = hostCommand({
  name: "uncordon",
  summary: "give a cordoned or drained host work again, and forget what it was blamed for",
  ask: uncordonHost,
});

function hostCommand({ name, summary, examples = [], declare, ask }: HostVerb): CliCommand {
  return {
    name,
    summary,
    examples: [
      `fleetsweep ${name} HOST`,
      `fleetsweep ${name} HOST --reason "new microcode"`,
      ...examples,
    ],
    declare(command, io: Io) {
      declare?.(command);
      withPlaceOptions(command)
        .argument("<host>", "the host's id, as `fleetsweep hosts` shows it")
        .option("--reason <text>", "why, for the log and for everybody", "by the operator")
        .action(async (hostId: string, options: VerbOptions) => {
          const does = await withOperator(io, options, (operator) =>
            ask(operator, hostId, options, io),
          );
          io.talk(`host ${hostId} ${does}\n`);
        });
    },
  };
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (minutes > 0 && minutes <= maxWaitMinutes) return minutes;
  throw new FleetsweepError(
    "config.invalid",
    `--wait ${text}: minutes, more than 0 and at most ${maxWaitMinutes}`,
  );
}

/** Waits; ends the program with 1 where the host is not drained then. */
async function drained(
  operator: Operator,
  hostId: string,
  minutes: number,
  io: Io,
): Promise<string> {
  let latest = "";
  const host = await awaitDrained(operator, hostId, {
    withinMs: minutes * 60_000,
    pauseMs: lookEveryMs,
    signal: io.signal,
    onState: (state) => {
      latest = state;
      io.talk(`host ${hostId} is ${state}\n`);
    },
  });
  if (host === null) {
    io.exitWith(1);
    return `is not drained: the last that was heard of it is "${latest}"`;
  }
  const kept =
    host.spoolDepth === 0 ? "" : `; its spool keeps ${countOf(host.spoolDepth, "result")}`;
  return `is drained: it measures nothing and gets no grant${kept}`;
}

/** The host's state then; empty where the coordinator is of an earlier release. */
async function cordonHost(
  operator: Operator,
  request: { readonly hostId: string; readonly drain: boolean; readonly reason: string },
): Promise<string> {
  const { state } = await operator.ask<CordonHostResponse__Output>((client, limits, answer) =>
    client.cordonHost(request, limits, answer),
  );
  return state;
}

async function uncordonHost(
  operator: Operator,
  hostId: string,
  { reason }: VerbOptions,
): Promise<string> {
  const request = { hostId, reason };
  const { state, needless } = await operator.ask<UncordonHostResponse__Output>(
    (client, limits, answer) => client.uncordonHost(request, limits, answer),
  );
  if (needless) return "was in service already";
  return isAway(state) ? "gets work again when it is back" : "gets work again";
}
