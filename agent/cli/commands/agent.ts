import type { CliCommand } from "../../../shared/cli/command.ts";
import { declareFlags } from "../../../shared/runtime/flags.ts";
import { serviceManagerOf } from "../../../shared/runtime/service-manager.ts";
import { agentFlagsSchema, parseAgentFlags } from "../../config.ts";
import { serveAgent } from "../../serve.ts";

export const agent: CliCommand = {
  name: "agent",
  summary: "run this host's agent in the foreground",
  examples: ["fleetsweep agent --coordinator 10.0.0.1:7421 --state /var/lib/fleetsweep/agent"],

  declare(command, io) {
    declareFlags(command, agentFlagsSchema.shape);
    command.action(async (options: unknown) => {
      const flags = parseAgentFlags(options);
      const manager = serviceManagerOf(io.env);
      await serveAgent(flags, {
        pid: io.node.pid,
        signal: io.signal,
        orphaned: flags.exitWithParent ? io.inputEnd() : new AbortController().signal,
        onReady: (hostId) => {
          io.out(`${JSON.stringify({ host_id: hostId })}\n`);
          manager.ready(io.signal);
        },
      });
    });
  },
};
