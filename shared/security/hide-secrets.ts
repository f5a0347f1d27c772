import { isJoinToken } from "./join-token.ts";

/**
 * What the command line of a process should read as, so that no other user finds a join token in the list
 * of processes; null where it holds none. Files are better: a shell keeps its history.
 */
export function withoutSecrets(argv: readonly string[]): string | null {
  const words = argv.map((word) => (isJoinToken(word.replace(/^--join=/, "")) ? "(token)" : word));
  return words.some((word, index) => word !== argv[index]) ? words.join(" ") : null;
}
