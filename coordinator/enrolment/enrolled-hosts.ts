import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeDurably } from "../../shared/runtime/write-durably.ts";

/** Which hosts have ever enrolled, one file each beside the authority. */
const hostSchema = z.object({
  host_id: z.string(),
  token_id: z.string(),
  enrolled_at_ms: z.number(),
});

/** The id of the join token with which a host enrolled last, or null where it never has. */
export async function enrolledWith(directory: string, hostId: string): Promise<string | null> {
  const text = await readFile(fileOf(directory, hostId), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    },
  );
  return text === null ? null : hostSchema.parse(JSON.parse(text)).token_id;
}

export async function registerHost(
  directory: string,
  { hostId, tokenId, nowMs }: { hostId: string; tokenId: string; nowMs: number },
): Promise<void> {
  const host = { host_id: hostId, token_id: tokenId, enrolled_at_ms: nowMs };
  await writeDurably(fileOf(directory, hostId), `${JSON.stringify(host)}\n`);
}

/** All hosts that have enrolled, sorted, with when they did so last. */
export async function listEnrolledHosts(directory: string): Promise<readonly EnrolledHost[]> {
  const names = await readdir(join(directory, "hosts"));
  const texts = names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFile(join(directory, "hosts", name), "utf8"));
  return (await Promise.all(texts)).map((text) => {
    const { host_id: hostId, enrolled_at_ms: enrolledAtMs } = hostSchema.parse(JSON.parse(text));
    return { hostId, enrolledAtMs };
  });
}

export interface EnrolledHost {
  readonly hostId: string;
  readonly enrolledAtMs: number;
}

const ending = ".json";

/** Ids come checked: nothing in them leads to another directory. */
function fileOf(directory: string, hostId: string): string {
  return join(directory, "hosts", `${hostId}${ending}`);
}
