import { join } from "node:path";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import type { Clock } from "../../shared/runtime/clock.ts";
import type { Logger } from "../../shared/runtime/logger.ts";
import { isLoopback, nextPort } from "../../shared/runtime/loopback.ts";
import {
  type Credentials,
  peerOf,
  readCredentials,
  writeCredentials,
} from "../../shared/security/credentials.ts";
import { makeKey } from "../../shared/security/keys.ts";
import { renewAfterMs } from "../../shared/security/renewal-time.ts";
import { checkCertificate } from "./check-certificate.ts";
import { askToRenew } from "./identity-client.ts";
import { joinFleet } from "./join.ts";

export interface IdentityOptions {
  readonly state: string;
  /** `host:port` of every coordinator. */
  readonly coordinator: readonly string[];
  readonly join?: string | undefined;
  readonly enrol?: string | undefined;
  readonly allowPlaintext: boolean;
  readonly hostId: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/** A renewal that failed is tried again after this long, or after a tenth of the time that is left. */
const retryMs = 60_000;

/** Who this host is to others, and how it stays so. */
export class HostIdentity {
  readonly #options: IdentityOptions;
  #held: Credentials;

  private constructor(options: IdentityOptions, held: Credentials) {
    this.#options = options;
    this.#held = held;
  }

  /**
   * The identity in the state directory, or a new one for the join token; null where the host has none
   * and speaks to a coordinator on itself, or was told to do without.
   * @throws FleetsweepError config.invalid where it must not do without, and what joining throws.
   */
  static async open(options: IdentityOptions): Promise<HostIdentity | null> {
    const directory = identityDirectory(options.state);
    const kept = await readCredentials(directory);
    const needsJoin = kept === null || isOver(kept, options);
    if (needsJoin && options.join !== undefined) {
      const address = options.enrol ?? nextPort(options.coordinator[0] ?? "");
      const held = await joinFleet({ ...options, join: options.join, address, directory });
      options.logger.info({ host_id: options.hostId }, "this host has enrolled");
      return new HostIdentity(options, held);
    }
    if (kept === null) {
      refusePlaintext(options);
      return null;
    }
    checkHost(kept, options.hostId);
    return new HostIdentity(options, kept);
  }

  /** Changes when the certificate is renewed: ask for it at every dial. */
  get held(): Credentials {
    return this.#held;
  }

  /** For clients that read the files at every connection, as the NATS client does. */
  get directory(): string {
    return identityDirectory(this.#options.state);
  }

  /** Renews the certificate, with a new key each time, until the signal aborts. */
  async run(clock: Pick<Clock, "pause">, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { issuedAtMs, notAfterMs } = peerOf(this.#held, "the host's identity");
      const { logger, nowMs } = this.#options;
      const dueMs = issuedAtMs + renewAfterMs(notAfterMs - issuedAtMs);
      await clock.pause(Math.max(0, dueMs - nowMs()), signal);
      while (!signal.aborted && !(await this.#tryRenewal())) {
        const leftMs = Math.max(0, notAfterMs - nowMs());
        if (leftMs === 0) logger.error("this host's certificate is over: it must join again");
        await clock.pause(Math.max(1_000, Math.min(retryMs, leftMs / 10)), signal);
      }
    }
  }

  async #tryRenewal(): Promise<boolean> {
    const { coordinator, hostId, logger, state } = this.#options;
    try {
      // A sixth of an idle agent's memory, needed once in months.
      const { makeRequest } = await import("../../shared/security/certificate.ts");
      const keyPem = makeKey();
      const request = await makeRequest(keyPem);
      const certificatePem = await askFirst(coordinator, (address) =>
        askToRenew(address, this.#held, request),
      );
      const renewed = { caPem: this.#held.caPem, certificatePem, keyPem };
      checkCertificate(renewed, hostId);
      await writeCredentials(identityDirectory(state), renewed);
      this.#held = renewed;
      logger.info("this host's certificate was renewed");
      return true;
    } catch (error) {
      logger.warn({ err: error }, "this host's certificate was not renewed yet");
      return false;
    }
  }
}

/** The answer of the first coordinator that gives one; each of them may. */
async function askFirst(
  addresses: readonly string[],
  ask: (address: string) => Promise<string>,
): Promise<string> {
  let last: unknown;
  for (const address of addresses) {
    try {
      return await ask(address);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function identityDirectory(state: string): string {
  return join(state, "identity");
}

function isOver(held: Credentials, { nowMs }: IdentityOptions): boolean {
  return nowMs() >= peerOf(held, "the host's identity").notAfterMs;
}

function checkHost(held: Credentials, hostId: string): void {
  const { identity } = peerOf(held, "the host's identity");
  if (identity.kind === "host" && identity.hostId === hostId) return;
  const named = identity.kind === "host" ? `the host ${identity.hostId}` : `a ${identity.kind}`;
  const what = `this agent is the host ${hostId}, but its certificate names ${named}`;
  throw new FleetsweepError("config.invalid", `${what}: set host_id, or join with a new token`);
}

function refusePlaintext({ coordinator, allowPlaintext }: IdentityOptions): void {
  const other = coordinator.find((address) => !isLoopback(address));
  if (allowPlaintext || other === undefined) return;
  const what = `this host has no certificate, and ${other} is another machine`;
  const how = "give it a token with --join (or, on a network of your own, --allow-plaintext)";
  throw new FleetsweepError("config.invalid", `${what}: ${how}`);
}
