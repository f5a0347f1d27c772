import { join } from "node:path";
import { onTestFinished } from "vitest";
import { parseCoordinatorConfig } from "../../coordinator/config.ts";
import { auditFile, readAudit, type StoredEntry } from "../../coordinator/enrolment/audit.ts";
import {
  type Authority,
  initAuthority,
  issueCredentials,
} from "../../coordinator/enrolment/authority.ts";
import { createToken } from "../../coordinator/enrolment/tokens.ts";
import type { OperatorHub } from "../../coordinator/rpc/operator.ts";
import type { ScheduleHub } from "../../coordinator/rpc/schedules.ts";
import { serveGrpc } from "../../coordinator/rpc/server.ts";
import type { TuneHub } from "../../coordinator/rpc/tune.ts";
import { openSecurity } from "../../coordinator/security.ts";
import type { HostSession } from "../../coordinator/sessions.ts";
import type { Identity } from "../../shared/domain/identity.ts";
import { silentLogger } from "../../shared/runtime/logger.ts";
import type { Credentials } from "../../shared/security/credentials.ts";
import { formatJoinToken } from "../../shared/security/join-token.ts";
import { makeTemporaryDirectory } from "../../shared/testing/temporary-directory.ts";

/** A coordinator's ports with TLS on loopback, until the test ends; behind them stands no coordinator. */
export interface SecuredCoordinator {
  readonly state: string;
  readonly authority: Authority;
  readonly address: string;
  readonly enrolment: string;
  /** Sessions of agents that were let in. */
  readonly sessions: HostSession[];
  issue(identity: Identity, lifetimeMs?: number): Promise<Credentials>;
  token(hostId?: string, lifetimeMs?: number): Promise<string>;
  audit(): Promise<readonly StoredEntry[]>;
  /** A directory for a program of the test. */
  place(name: string): string;
}

export const hourMs = 3_600_000;

export async function startSecured(
  options: { certificateHours?: number; desk?: Partial<OperatorHub> } = {},
): Promise<SecuredCoordinator> {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory.remove());
  const state = join(directory.path, "coordinator");
  const authority = await initAuthority(state, Date.now());
  const { certificateHours = 24 } = options;
  const listen = "127.0.0.1:0";
  const config = parseCoordinatorConfig({ state, listen, certificateHours });
  const security = await openSecurity(config, silentLogger);
  if (security === null) throw new Error("there is an authority");
  const stop = new AbortController();
  const running = security.run(stop.signal);
  const sessions: HostSession[] = [];
  const coordinator = {
    heartbeatMs: 5_000,
    attached: (session: HostSession) => sessions.push(session),
    factsChanged: () => {},
    spooled: () => {},
    refused: () => {},
  };
  const desk = { summaries: () => [], hosts: () => [], ...options.desk } as unknown as OperatorHub;
  const tunes = {} as TuneHub;
  const schedules = {} as ScheduleHub;
  const parts = {
    coordinator,
    desk,
    tunes,
    schedules,
    logger: silentLogger,
    security: security.port,
  };
  const server = await serveGrpc(config.listen, parts);
  onTestFinished(async () => {
    stop.abort();
    await Promise.all([running, server.stop(), security.enrolment.stop()]);
  });
  return {
    state,
    authority,
    sessions,
    address: server.address,
    enrolment: security.enrolment.address,
    issue: (identity, lifetimeMs = hourMs) =>
      issueCredentials(authority, identity, { nowMs: Date.now(), lifetimeMs }),
    token: async (hostId, lifetimeMs = hourMs) =>
      formatJoinToken(
        await createToken(authority, { hostId: hostId ?? null, nowMs: Date.now(), lifetimeMs }),
      ),
    audit: async () => (await readAudit(auditFile(state), 1_000)).entries,
    place: (name) => join(directory.path, name),
  };
}
