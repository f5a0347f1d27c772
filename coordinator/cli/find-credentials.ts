import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { isLoopback } from "../../shared/runtime/loopback.ts";
import { type Credentials, peerOf, readCredentials } from "../../shared/security/credentials.ts";
import { type PlaceOptions, stateDirectory } from "./state-place.ts";

/** In a coordinator's state directory: the credentials of the operator who made the authority. */
export const operatorDirectory = "operator";

/**
 * The operator's credentials for the coordinators at the addresses: from --credentials or
 * FLEETSWEEP_CREDENTIALS; else, where the coordinator was named, from the state directory or the user's
 * configuration. Null for a coordinator of this host that speaks in the clear, as `up` starts one.
 * @throws FleetsweepError config.invalid where they are over or damaged, access.unauthenticated where
 *   another machine is to be asked without any.
 */
export async function findCredentials(
  io: Io,
  options: PlaceOptions,
  addresses: readonly string[],
): Promise<Credentials | null> {
  const told = options.credentials ?? io.env["FLEETSWEEP_CREDENTIALS"];
  if (told !== undefined) {
    const directory = resolve(io.cwd, told);
    const held = await readCredentials(directory);
    if (held !== null) return checked(held, directory);
    throw new FleetsweepError("config.invalid", `${directory} holds no credentials`);
  }
  if (io.env["FLEETSWEEP_ALLOW_PLAINTEXT"] === "1") return null;
  const isNamed = (options.coordinator ?? io.env["FLEETSWEEP_COORDINATOR"]) !== undefined;
  const found = isNamed ? await firstOf(usualPlaces(io, options)) : null;
  const other = addresses.find((address) => !isLoopback(address));
  if (found !== null || other === undefined) return found;
  const how =
    "name yours with --credentials DIR (an admin makes them: `fleetsweep operator create`)";
  const what = `${other} is another machine, and no operator's credentials were found: ${how}`;
  throw new FleetsweepError("access.unauthenticated", what);
}

function usualPlaces(io: Io, options: PlaceOptions): readonly string[] {
  const config = io.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config");
  return [
    join(stateDirectory(io, options.state), operatorDirectory),
    join(config, "fleetsweep", operatorDirectory),
  ];
}

async function firstOf(directories: readonly string[]): Promise<Credentials | null> {
  for (const directory of directories) {
    const held = await readCredentials(directory);
    if (held !== null) return checked(held, directory);
  }
  return null;
}

function checked(held: Credentials, directory: string): Credentials {
  const { identity, notAfterMs } = peerOf(held, directory);
  if (identity.kind !== "operator") {
    throw new FleetsweepError(
      "config.invalid",
      `${directory} names a ${identity.kind}, no operator`,
    );
  }
  if (Date.now() < notAfterMs) return held;
  const over = `the credentials in ${directory} are over since ${new Date(notAfterMs).toISOString()}`;
  throw new FleetsweepError("config.invalid", `${over}: ask an admin for new ones`);
}
