import { access, readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The directory in which the cache of the Hugging Face hub keeps a model, `OWNER/NAME` or
 * `OWNER/NAME@REVISION` with `main` as the usual revision; null where it is not there. Nothing is fetched:
 * what a host measures is what its operator put there. The layout is
 * `models--OWNER--NAME/{refs/REVISION, snapshots/COMMIT/}`, see
 * https://huggingface.co/docs/huggingface_hub/guides/manage-cache
 */
export async function findInHubCache(cache: string, id: string): Promise<string | null> {
  const [name = "", revision = "main"] = id.split("@");
  const repository = join(cache, `models--${name.replaceAll("/", "--")}`);
  const named = await readFile(join(repository, "refs", revision), "utf8").catch(() => null);
  // What is no branch or tag may be a commit.
  const snapshot = join(repository, "snapshots", named?.trim() ?? revision);
  return await access(join(snapshot, "config.json")).then(
    () => snapshot,
    () => null,
  );
}
