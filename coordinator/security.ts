import { hostname } from "node:os";
import { join } from "node:path";
import { FleetsweepError } from "../shared/domain/errors.ts";
import { toHostId } from "../shared/domain/ids.ts";
import { systemClock } from "../shared/runtime/clock.ts";
import type { Logger } from "../shared/runtime/logger.ts";
import { isLoopback, nextPort } from "../shared/runtime/loopback.ts";
import { type Credentials, writeCredentials } from "../shared/security/credentials.ts";
import { type CoordinatorConfig, thisBusServer } from "./config.ts";
import { AuditTrail, auditFile } from "./enrolment/audit.ts";
import { type Authority, issueCredentials, openAuthority } from "./enrolment/authority.ts";
import { Enroller, type EnrollerDeps } from "./enrolment/enroller.ts";
import { BusKeeper } from "./enrolment/keep-bus-users.ts";
import { Revocations, revocationsFile } from "./enrolment/revocations.ts";
import { keepServerIdentity } from "./enrolment/server-identity.ts";
import { AccessControl } from "./rpc/access.ts";
import { type IdentityDesk, serveEnrolment } from "./rpc/identity.ts";
import type { GrpcServer } from "./rpc/listening.ts";
import { PortCredentials } from "./rpc/port-credentials.ts";
import type { PortSecurity } from "./rpc/server.ts";
import { TurnedAway } from "./rpc/turned-away.ts";

/** Everything that a coordinator with an authority has beyond one without. */
export interface Security {
  readonly port: PortSecurity;
  readonly enrolment: GrpcServer;
  /** Holds the coordinator's own credentials, as long as they are valid. */
  readonly directory: string;
  /** Renews the own certificate and watches revocations, until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Where the state directory holds an authority: mutual TLS for agents and operators, and a port for
 * enrolment. Null where it holds none: then everything is in the clear, and on this host alone.
 * @throws FleetsweepError config.invalid where others could reach a port in the clear.
 */
export async function openSecurity(
  config: CoordinatorConfig,
  logger: Logger,
): Promise<Security | null> {
  const authority = await openAuthority(config.state);
  if (authority === null) {
    refusePlaintext(config, logger);
    return null;
  }
  const lifetimeMs = config.certificateHours * 3_600_000;
  const audit = new AuditTrail(auditFile(config.state), Date.now);
  const revocations = await Revocations.open(revocationsFile(authority.directory));
  const directory = join(config.state, "identity");
  const issue = () => issueOwn(authority, directory, lifetimeMs);
  const held = await issue();
  // Who enrols has no certificate yet.
  const strangers = new PortCredentials(held, { mutual: false });
  const credentials = new PortCredentials(held, { mutual: true });
  const { enroller, bus } = openEnroller(config, { authority, audit, lifetimeMs }, logger);
  const isRevoked = revocations.isRevoked.bind(revocations);
  const access = new AccessControl({ isRevoked, audit, logger, nowMs: Date.now });
  const enrolListen = config.enrolListen ?? nextPort(config.listen);
  const turnedAway = new TurnedAway({ audit, logger });
  const enrolment = await serveEnrolment(enrolListen, strangers, { desk: enroller, turnedAway });
  logger.info({ address: enrolment.address }, "hosts can enrol");
  const onTrouble = (error: unknown): void =>
    logger.error({ err: error }, "the list of revocations cannot be read");
  return {
    port: {
      credentials,
      // The first is next to the connection: it sees also what the second refuses.
      interceptors: [turnedAway.interceptor, access.interceptor],
      turnedAway,
      identities: enroller satisfies IdentityDesk,
    },
    enrolment,
    directory,
    run: async (signal) => {
      const onChange = (): void => access.endRevoked();
      const watched = revocations.watch({ clock: systemClock, onChange, onTrouble }, signal);
      const onRenewed = (renewed: Credentials): void => {
        for (const port of [credentials, strangers]) port.renew(renewed);
      };
      const own = { issue, lifetimeMs, onRenewed, clock: systemClock, logger };
      await Promise.all([keepServerIdentity(own, signal), watched, bus?.run(signal)]);
    },
  };
}

/** Who gives hosts their certificates, and who tells a nats-server on this host of them, if anybody does. */
function openEnroller(
  { busConfig }: CoordinatorConfig,
  desk: Pick<EnrollerDeps, "authority" | "audit" | "lifetimeMs">,
  logger: Logger,
): { readonly enroller: Enroller; readonly bus: BusKeeper | null } {
  if (busConfig === undefined) {
    return { enroller: new Enroller({ ...desk, nowMs: Date.now }), bus: null };
  }
  const bus = new BusKeeper({
    directory: busConfig,
    authorityDirectory: desk.authority.directory,
    server: thisBusServer(),
    clock: systemClock,
    logger,
  });
  const enroller = new Enroller({ ...desk, nowMs: Date.now, onRegistered: () => bus.sync() });
  return { enroller, bus };
}

async function issueOwn(
  authority: Authority,
  directory: string,
  lifetimeMs: number,
): Promise<Credentials> {
  const identity = { kind: "coordinator", name: toHostId(hostname()) } as const;
  const held = await issueCredentials(authority, identity, { nowMs: Date.now(), lifetimeMs });
  // For the NATS client, which reads files.
  await writeCredentials(directory, held);
  return held;
}

function refusePlaintext(
  { listen, allowPlaintext, state }: CoordinatorConfig,
  logger: Logger,
): void {
  if (isLoopback(listen)) return;
  if (allowPlaintext) {
    logger.warn({ listen }, "IN THE CLEAR: whoever reaches this port may run and read everything");
    return;
  }
  const what = `${listen} can be reached from other machines, and there is no authority for TLS`;
  const how = `make one with \`fleetsweep ca init --state ${state}\` (or pass --allow-plaintext)`;
  throw new FleetsweepError("config.invalid", `${what}: ${how}`);
}
