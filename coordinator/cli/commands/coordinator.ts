import type { CliCommand } from "../../../shared/cli/command.ts";
import { declareFlags } from "../../../shared/runtime/flags.ts";
import { tellServiceManager } from "../../../shared/runtime/service-manager.ts";
import { coordinatorConfigSchema, parseCoordinatorConfig } from "../../config.ts";
import { serveCoordinator } from "../../serve.ts";

export const coordinator: CliCommand = {
  name: "coordinator",
  summary: "run a coordinator in the foreground",
  examples: ["fleetsweep coordinator --state /var/lib/fleetsweep --nats nats://127.0.0.1:4222"],

  declare(command, io) {
    declareFlags(command, coordinatorConfigSchema.shape);
    command.action(async (options: unknown) => {
      const config = parseCoordinatorConfig(options);
      await serveCoordinator(config, {
        pid: io.node.pid,
        signal: config.exitWithParent ? AbortSignal.any([io.signal, io.inputEnd()]) : io.signal,
        onListening: (addresses) => {
          io.out(`${JSON.stringify(addresses)}\n`);
          tellServiceManager(io.env, io.signal);
        },
      });
    });
  },
};
