import { readFile, stat } from "node:fs/promises";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import { FleetsweepError } from "../../shared/domain/errors.ts";
import { isToken } from "../../shared/domain/ids.ts";
import { checkSettings } from "../../shared/runtime/check-settings.ts";
import { describeFailure } from "../../shared/runtime/describe-failure.ts";

const limits = { channels: 20, words: 64, wordChars: 4_096, fileBytes: 65_536 } as const;

const when = z
  .enum(["always", "attention"])
  .default("attention")
  .describe("attention: only where something failed, became slower or changed its level");

const channel = z.union([
  z.strictObject({
    webhook: z.url({ protocol: /^https?$/ }).describe("gets the notification as a POST"),
    token_file: z.string().optional().describe("file with a bearer token for it"),
    on: when,
  }),
  z.strictObject({
    exec: z
      .array(z.string().min(1).max(limits.wordChars))
      .min(1)
      .max(limits.words)
      .refine(([program]) => program?.startsWith("/") === true, "the program's path is absolute")
      .describe("program and arguments; no shell; the notification is its standard input"),
    on: when,
  }),
]);

const fileSchema = z.strictObject({
  channels: z
    .record(z.string().refine(isToken, "is no name for a channel"), channel)
    .refine((named) => Object.keys(named).length <= limits.channels, "too many channels"),
});

export type Channel = z.infer<typeof channel> & { readonly name: string };

/**
 * The channels that a coordinator's operator declares. Nothing of it comes over the network: a sweep file
 * or a schedule names neither a program nor an address.
 * @throws FleetsweepError config.invalid, also where others than its owner may write the file.
 */
export async function readChannels(path: string | undefined): Promise<readonly Channel[]> {
  if (path === undefined) return [];
  const values = await readOwnFile(path);
  const { channels } = checkSettings(fileSchema, values, path);
  return Object.entries(channels).map(([name, declared]) => ({ ...declared, name }));
}

async function readOwnFile(path: string): Promise<unknown> {
  try {
    const { mode, size } = await stat(path);
    if ((mode & 0o022) !== 0) {
      throw new FleetsweepError("config.invalid", `${path} may be written by others: chmod go-w`);
    }
    if (size > limits.fileBytes) {
      throw new FleetsweepError(
        "config.invalid",
        `${path} has more than ${limits.fileBytes} bytes`,
      );
    }
    return parseYaml(await readFile(path, "utf8"), { maxAliasCount: 0 }) ?? {};
  } catch (error) {
    if (error instanceof FleetsweepError) throw error;
    const found = describeFailure(error).split("\n", 1)[0];
    throw new FleetsweepError("config.invalid", `${path}: ${found}`, { cause: error });
  }
}
