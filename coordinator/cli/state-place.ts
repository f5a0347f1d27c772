import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import {
  addressListSchema,
  addressSchema,
  checkSettings,
} from "../../shared/runtime/check-settings.ts";

/** In the state directory of `up`: where its coordinator listens. */
export const endpointFile = "endpoint.json";

/** The state directory that `up` uses and that every other verb looks into, unless told otherwise. */
export function stateDirectory(io: Io, option: string | undefined): string {
  const chosen = option ?? io.env["FLEETSWEEP_STATE"];
  if (chosen !== undefined) return isAbsolute(chosen) ? chosen : resolve(io.cwd, chosen);
  const base = io.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return join(base, "fleetsweep");
}

export interface PlaceOptions {
  readonly coordinator?: string;
  readonly state?: string;
  readonly credentials?: string;
}

/**
 * Where coordinators listen: the option, FLEETSWEEP_COORDINATOR, or what a running `up` wrote.
 * @throws FleetsweepError link.unavailable where nothing says, config.invalid for what is no address.
 */
export async function coordinatorAddresses(
  io: Io,
  options: PlaceOptions,
): Promise<readonly string[]> {
  const told = options.coordinator ?? io.env["FLEETSWEEP_COORDINATOR"];
  if (told !== undefined) return checkSettings(addressListSchema, told, "--coordinator");
  const file = join(stateDirectory(io, options.state), endpointFile);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) {
    const how = "start one with `fleetsweep up`, or name one with --coordinator HOST:PORT";
    throw new FleetsweepError("link.unavailable", `no coordinator is known (no ${file}): ${how}`);
  }
  return [readEndpoint(text, file)];
}

function readEndpoint(text: string, file: string): string {
  try {
    return addressSchema.parse((JSON.parse(text) as { coordinator?: unknown } | null)?.coordinator);
  } catch (cause) {
    const what = `${file} names no coordinator; start \`fleetsweep up\` again`;
    throw new FleetsweepError("config.invalid", what, { cause });
  }
}
