import { open, rename, rm } from "node:fs/promises";
import { isAbsolute, resolve } from "node:path";
import type { Io } from "../../shared/cli/command.ts";
import { FleetsweepError } from "../../shared/domain/errors.ts";

/**
 * Writes what arrives to standard output, or to a file that appears only once it is whole.
 * @throws FleetsweepError config.invalid where the file cannot be written.
 */
export async function writeStream(
  io: Io,
  output: string | undefined,
  pieces: AsyncIterable<{ readonly data: Uint8Array }>,
): Promise<void> {
  if (output === undefined) {
    const decoder = new TextDecoder();
    for await (const { data } of pieces) io.out(decoder.decode(data, { stream: true }));
    io.out(decoder.decode());
    return;
  }
  const file = isAbsolute(output) ? output : resolve(io.cwd, output);
  const part = `${file}.part`;
  const handle = await open(part, "w").catch((error: unknown) => {
    throw new FleetsweepError("config.invalid", `${file} cannot be written: ${String(error)}`);
  });
  try {
    for await (const { data } of pieces) await handle.write(data);
    await handle.close();
    await rename(part, file);
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
}
