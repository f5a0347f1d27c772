import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FleetsweepError } from "../domain/errors.ts";
import { makeDirectory } from "./make-directory.ts";

export interface NatsServerOptions {
  /** Holds the configuration and the JetStream store; made when it is not there. */
  readonly directory: string;
  /** A free one is taken where it is left out. */
  readonly port?: number;
  readonly token?: string;
  readonly maxPayloadBytes: number;
  /** A PATH to look for the program in, before the system's own directories. */
  readonly searchPath?: string;
}

/**
 * Writes the server's configuration, readable by its owner only, and returns its path.
 * @throws FleetsweepError state.unusable where the directory cannot be written.
 */
export async function writeNatsConfig(options: NatsServerOptions): Promise<string> {
  const { directory } = options;
  const config = {
    host: "127.0.0.1",
    port: options.port ?? -1,
    server_name: "fleetsweep",
    max_payload: options.maxPayloadBytes,
    ports_file_dir: directory,
    jetstream: { store_dir: join(directory, "jetstream") },
    ...(options.token === undefined ? {} : { authorization: { token: options.token } }),
  };
  const file = join(directory, "nats-server.conf");
  try {
    await makeDirectory(join(directory, "jetstream"), 0o700);
    await removeStalePorts(directory);
    await rm(file, { force: true });
    // JSON is a subset of the configuration's language, and quotes whatever a path or token holds.
    await writeFile(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw new FleetsweepError(
      "state.unusable",
      `the nats-server directory ${directory} cannot be written: ${String(error)}`,
      { cause: error },
    );
  }
  return file;
}

/** A killed server leaves its ports behind, and the next one may get its process id. */
async function removeStalePorts(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (name.endsWith(".ports")) await rm(join(directory, name));
  }
}
