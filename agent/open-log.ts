import { hostInbox, natsIdentity } from "../shared/bus/nats-identity.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { readSecret } from "../shared/runtime/secret.ts";
import type { AgentFlags } from "./config.ts";
import type { HostIdentity } from "./enrolment/host-identity.ts";
import { LazyLog } from "./link/lazy-log.ts";

interface LogParts {
  readonly identity: HostIdentity | null;
  readonly hostId: string;
  readonly logger: Logger;
}

/** The log of the fleet, as this host may write to it: connected at its first use. */
export function lazyLog(flags: AgentFlags, { identity, hostId, logger }: LogParts): LazyLog {
  return new LazyLog(async () => {
    // The client, too, is loaded at its first use: a host that has not measured yet does without.
    const { connectNatsLog } = await import("../shared/bus/nats-log.ts");
    return await connectNatsLog({
      servers: flags.nats,
      name: "agent",
      onTrouble: (trouble) => logger.warn({ trouble }, "the bus recovers"),
      ...natsIdentity(flags.nats, identity?.directory ?? null, hostInbox(hostId)),
      ...(await readSecret(flags.natsTokenFile)),
    });
  });
}
