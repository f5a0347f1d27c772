import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

/** A verb that takes a host out of service or back, with the reason that everybody will see. */
interface HostVerb {
  readonly name: string;
  readonly summary: string;
  readonly done: string;
  readonly ask: (operator: Operator, hostId: string, reason: string) => Promise<unknown>;
}

export const drain = hostCommand({
  name: "drain",
  summary: "let a host finish its launch, hand its grant back and get no other",
  done: "finishes its launch and gets no other",
  ask: (operator, hostId, reason) => cordonHost(operator, { hostId, drain: true, reason }),
});

export const undrain = hostCommand({
  name: "undrain",
  summary: "give a drained or cordoned host work again",
  done: "gets work again",
  ask: uncordonHost,
});

export const cordon = hostCommand({
  name: "cordon",
  summary: "give a host no new grant; what it has been granted goes on",
  done: "gets no new grant",
  ask: (operator, hostId, reason) => cordonHost(operator, { hostId, drain: false, reason }),
});

export const uncordon = hostCommand({
  name: "uncordon",
  summary: "give a cordoned or drained host work again, and forget what it was blamed for",
  done: "gets work again",
  ask: uncordonHost,
});

function hostCommand({ name, summary, done, ask }: HostVerb): CliCommand {
  return {
    name,
    summary,
    examples: [`fleetsweep ${name} HOST`, `fleetsweep ${name} HOST --reason "new microcode"`],
    declare(command, io: Io) {
      withPlaceOptions(command)
        .argument("<host>", "the host's id, as `fleetsweep hosts` shows it")
        .option("--reason <text>", "why, for the log and for everybody", "by the operator")
        .action(async (hostId: string, options: PlaceOptions & { reason: string }) => {
          await withOperator(io, options, (operator) => ask(operator, hostId, options.reason));
          io.talk(`host ${hostId} ${done}\n`);
        });
    },
  };
}

function cordonHost(
  operator: Operator,
  request: { readonly hostId: string; readonly drain: boolean; readonly reason: string },
): Promise<unknown> {
  return operator.ask((client, limits, answer) => client.cordonHost(request, limits, answer));
}

function uncordonHost(operator: Operator, hostId: string, reason: string): Promise<unknown> {
  const request = { hostId, reason };
  return operator.ask((client, limits, answer) => client.uncordonHost(request, limits, answer));
}
