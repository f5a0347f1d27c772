import type { CliCommand } from "../../../shared/cli/command.ts";
import { declareFlags } from "../../../shared/runtime/flags.ts";
import { serviceManagerOf } from "../../../shared/runtime/service-manager.ts";
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
      const manager = serviceManagerOf(io.env);
      await serveCoordinator(config, {
        pid: io.node.pid,
        signal: config.exitWithParent ? AbortSignal.any([io.signal, io.inputEnd()]) : io.signal,
        onWaiting: (reason) => manager.waiting(reason),
        onListening: (addresses) => {
          io.out(`${JSON.stringify(addresses)}\n`);
          manager.ready(io.signal);
        },
      });
    });
  },
};
