/** Node's own major version. */
const interruptBudgetMajor = 20;

/**
 * Flags of Node for a program that waits nearly all of its time: a young generation that stays small, and no code
 * compiled that has not run for long, so that most of the compilers' own code is never even read. They take 10 MB
 * off an agent (`npm run bench:fleet`). `version` is Node's, `20.20.2`.
 */
export function smallHeapFlags(version: string): readonly string[] {
  const major = Number(version.split(".", 1)[0]);
  // Node refuses to start with a flag that its V8 does not know: 24 has none of this name.
  const patient = major === interruptBudgetMajor ? ["--interrupt-budget=4000000"] : [];
  return ["--max-semi-space-size=1", "--optimize-for-size", "--no-sparkplug", ...patient];
}
