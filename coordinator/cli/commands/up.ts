import { once } from "node:events";
import type { CliCommand } from "../../../shared/cli/command.ts";
import { addressSchema, checkSettings } from "../../../shared/runtime/check-settings.ts";
import { startFleetOfOne } from "../../up/fleet-of-one.ts";
import { whileUp } from "../../up/while-up.ts";
import { stateDirectory } from "../state-place.ts";

interface UpOptions {
  readonly state?: string;
  readonly listen: string;
  readonly agentConfig?: string;
  readonly notifications?: string;
}

export const up: CliCommand = {
  name: "up",
  summary: "run NATS, a coordinator and an agent on this host, in the foreground",
  examples: ["fleetsweep up", "fleetsweep up --state ./state --agent-config agent.yaml"],

  declare(command, io) {
    command
      .option("--state <dir>", "state directory (FLEETSWEEP_STATE)")
      .option("--listen <host:port>", "address of the coordinator", "127.0.0.1:0")
      .option("--agent-config <file>", "configuration of the agent: models, runners, labels")
      .option("--notifications <file>", "webhooks and hooks that hear of scheduled sweeps")
      .action(async (options: UpOptions) => {
        const state = stateDirectory(io, options.state);
        const { agentConfig, notifications } = options;
        const listen = checkSettings(addressSchema, options.listen, "--listen");
        const agentFlags = agentConfig === undefined ? [] : ["--config", agentConfig];
        const coordinatorFlags =
          notifications === undefined ? [] : ["--notifications", notifications];
        const { node, signal } = io;
        const fleet = await startFleetOfOne({
          state,
          node,
          listen,
          coordinatorFlags,
          agentFlags,
          signal,
        });
        io.talk(`fleetsweep is up: coordinator ${fleet.coordinator}, state in ${state}\n`);
        io.talk("Submit a sweep with `fleetsweep run FILE`; Ctrl-C stops everything.\n");
        await whileUp(fleet, io, async (stopped) => {
          if (!stopped.aborted) await once(stopped, "abort");
        });
        io.talk("stopped\n");
      });
  },
};
