import { coordinatorInbox, hostInbox } from "../../shared/bus/nats-identity.ts";
import { toIdentityUri } from "../../shared/domain/identity.ts";

/** A user of a nats-server, by the URI in its certificate, and what it may do. */
export interface NatsUser {
  readonly user: string;
  readonly permissions: {
    readonly publish: { readonly allow: readonly string[] };
    readonly subscribe: { readonly allow: readonly string[] };
  };
}

/**
 * A host appends results of its own and nothing else, and hears the acknowledgements of these alone: not
 * the log, not what others are told. It needs no call of JetStream's API.
 */
export function hostUser(hostId: string): NatsUser {
  return {
    user: toIdentityUri({ kind: "host", hostId }),
    permissions: {
      publish: { allow: [`fs.log.*.*.result.${hostId}`] },
      subscribe: { allow: [`${hostInbox(hostId)}.>`] },
    },
  };
}

/** A coordinator writes and reads all of the log, and everything else that fleetsweep keeps in JetStream. */
export function coordinatorUser(name: string): NatsUser {
  return {
    user: toIdentityUri({ kind: "coordinator", name }),
    permissions: {
      publish: { allow: ["fs.>", "$JS.API.>", "$JS.ACK.>", "$KV.>"] },
      subscribe: { allow: [`${coordinatorInbox}.>`, "fs.>"] },
    },
  };
}
