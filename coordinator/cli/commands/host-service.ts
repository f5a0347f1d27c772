import type { CordonHostResponse__Output } from "../../../proto/gen/fleetsweep/v1/CordonHostResponse.ts";
import type { UncordonHostResponse__Output } from "../../../proto/gen/fleetsweep/v1/UncordonHostResponse.ts";
import type { CliCommand, Io } from "../../../shared/cli/command.ts";
import { isAway } from "../../report/host-sentences.ts";
import { type Operator, withOperator, withPlaceOptions } from "../operator-client.ts";
import type { PlaceOptions } from "../state-place.ts";

/** A verb that takes a host out of service or back, with the reason that everybody will see. */
interface HostVerb {
  readonly name: string;
  readonly summary: string;
  /** What the host does from now on, in words behind its id. */
  readonly ask: (operator: Operator, hostId: string, reason: string) => Promise<string>;
}

export const drain = hostCommand({
  name: "drain",
  summary: "let a host finish its launch, hand its grant back and get no other",
  ask: async (operator, hostId, reason) => {
    const state = await cordonHost(operator, { hostId, drain: true, reason });
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
  ask: async (operator, hostId, reason) => {
    await cordonHost(operator, { hostId, drain: false, reason });
    return "gets no new grant";
  },
});

export const uncordon = hostCommand({
  name: "uncordon",
  summary: "give a cordoned or drained host work again, and forget what it was blamed for",
  ask: uncordonHost,
});

function hostCommand({ name, summary, ask }: HostVerb): CliCommand {
  return {
    name,
    summary,
    examples: [`fleetsweep ${name} HOST`, `fleetsweep ${name} HOST --reason "new microcode"`],
    declare(command, io: Io) {
      withPlaceOptions(command)
        .argument("<host>", "the host's id, as `fleetsweep hosts` shows it")
        .option("--reason <text>", "why, for the log and for everybody", "by the operator")
        .action(async (hostId: string, options: PlaceOptions & { reason: string }) => {
          const does = await withOperator(io, options, (operator) =>
            ask(operator, hostId, options.reason),
          );
          io.talk(`host ${hostId} ${does}\n`);
        });
    },
  };
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

async function uncordonHost(operator: Operator, hostId: string, reason: string): Promise<string> {
  const request = { hostId, reason };
  const { state, needless } = await operator.ask<UncordonHostResponse__Output>(
    (client, limits, answer) => client.uncordonHost(request, limits, answer),
  );
  if (needless) return "was in service already";
  return isAway(state) ? "gets work again when it is back" : "gets work again";
}
