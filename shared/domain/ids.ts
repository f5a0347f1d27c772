/**
 * Ids of sweeps, shards, hosts and cells stand as tokens in subjects (`fs.log.<sweep>.<shard>…`) and in
 * file names, so none of `. * >`, blanks, slashes or control characters may be in them. A scheduled
 * sweep's `<schedule>@<fire time>` fits: `nightly@2026-11-22T02:00:00Z`.
 */
const tokenPattern = /^[A-Za-z0-9_@:=+~-]+$/;

/** Longer than any ULID, SHA-256 or host name (253, RFC 1035) shortened for people. */
export const maxTokenLength = 128;

export function isToken(text: string): boolean {
  return text.length > 0 && text.length <= maxTokenLength && tokenPattern.test(text);
}

/** What is wrong with `text` as an id, for people; undefined where nothing is. */
export function tokenProblem(text: string): string | undefined {
  if (text === "") return "it is empty";
  if (text.length > maxTokenLength) return `it is longer than ${maxTokenLength} characters`;
  if (!tokenPattern.test(text)) return "only letters, digits and _ @ : = + ~ - may stand in it";
  return undefined;
}

/**
 * The host id that a machine's name gives: lower-case, with `-` for what may not stand in an id, so that
 * `Node1.example.org` becomes `node1-example-org`. `host` where nothing is left.
 */
export function toHostId(name: string): string {
  const id = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, maxTokenLength);
  return id === "" ? "host" : id;
}
