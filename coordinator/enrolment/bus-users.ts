import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { parseIdentityUri } from "../../shared/domain/identity.ts";
import { writeDurably } from "../../shared/runtime/write-durably.ts";
import { type KnownHosts, readKnownHosts } from "./hosts-in-service.ts";
import { hostUser } from "./nats-permissions.ts";

/** Of the configuration that `nats-config` writes, what changes when hosts come and go. */
const configSchema = z.looseObject({
  authorization: z.looseObject({
    users: z.array(z.looseObject({ user: z.string() })).max(100_000),
  }),
});

export type ServerConfig = z.output<typeof configSchema>;

export const serverConfigFile = "nats-server.conf";
export const serverPidFile = "nats-server.pid";

/**
 * The configuration with a user for every host in service and none for a revoked one; those that it names
 * beyond these (coordinators, hosts that are to enrol) stay. Null where nothing changes.
 */
export function updateUsers(
  config: ServerConfig,
  { inService, revoked }: KnownHosts,
): ServerConfig | null {
  const { users } = config.authorization;
  const kept = users.filter(({ user }) => {
    const identity = parseIdentityUri(user);
    return identity?.kind !== "host" || !revoked.includes(identity.hostId);
  });
  const named = new Set(kept.map(({ user }) => user));
  const added = inService
    .map((hostId) => ({ ...hostUser(hostId) }))
    .filter(({ user }) => !named.has(user));
  if (kept.length === users.length && added.length === 0) return null;
  return { ...config, authorization: { ...config.authorization, users: [...kept, ...added] } };
}

/** A nats-server on this host, as far as a coordinator may touch it. */
export interface BusServer {
  /** Has the process read its configuration again. */
  readonly reload: (pid: number) => void;
  /** The name of a process's program; null where there is no such process. */
  readonly programOf: (pid: number) => Promise<string | null>;
  /** Whether a process has this number, also one that cannot be looked at. */
  readonly isThere: (pid: number) => boolean;
}

export interface BusUsersDeps {
  /** Where `nats-config` wrote the configuration. */
  readonly directory: string;
  readonly authorityDirectory: string;
  readonly server: BusServer;
}

/**
 * Brings the users of a nats-server on this host up to date, and has it read them; a server that does not
 * run reads them when it starts. True where something changed, or with `mustTell`, for what a call before wrote and
 * could not tell.
 * @throws FleetsweepError config.invalid where the directory holds no configuration of `nats-config`, or the
 *   server runs and cannot be told.
 */
export async function syncBusUsers(deps: BusUsersDeps, mustTell = false): Promise<boolean> {
  const file = join(deps.directory, serverConfigFile);
  const changed = updateUsers(
    await readConfig(file),
    await readKnownHosts(deps.authorityDirectory),
  );
  if (changed === null && !mustTell) return false;
  if (changed !== null) await writeDurably(file, `${JSON.stringify(changed, null, 2)}\n`);
  await reloadServer(deps);
  return true;
}

async function readConfig(file: string): Promise<ServerConfig> {
  try {
    return configSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const what = `${file} is no configuration of \`fleetsweep nats-config\`: ${String(error)}`;
    throw new FleetsweepError("config.invalid", what.slice(0, 2_000), { cause: error });
  }
}

/** The number may be another program's by now, which must not be sent a signal. */
async function reloadServer({ directory, server }: BusUsersDeps): Promise<void> {
  const file = join(directory, serverPidFile);
  const text = await readFile(file, "utf8").catch(() => null);
  const pid = Number(text?.trim() ?? "");
  if (!Number.isSafeInteger(pid) || pid <= 1) return;
  const program = await server.programOf(pid);
  if (program === "nats-server") server.reload(pid);
  if (program !== null || !server.isThere(pid)) return;
  // As under ProtectProc=invisible, in a user namespace of its own.
  const what = `the process ${pid} of ${file} is hidden from this program, so it is not told of new users`;
  throw new FleetsweepError("config.invalid", what);
}
