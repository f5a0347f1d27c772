import { LaunchFault } from "../launch-fault.ts";
import { rules } from "./rules.ts";
import { type CheckDeps, type CheckRequest, CheckSession } from "./session.ts";

export interface RuleResult {
  readonly rule: string;
  /** What the contract asks for, in words. */
  readonly asks: string;
  /** What the program did instead, each with what was found; empty where it keeps the rule. */
  readonly violations: readonly string[];
}

/**
 * Starts the program once for each rule of the contract and reports every violation. A rule that ends with
 * the program's death, garbage or silence names that. Leaves no process behind.
 */
export async function checkRunner(
  request: CheckRequest,
  deps: CheckDeps,
  onResult: (result: RuleResult) => void,
): Promise<readonly RuleResult[]> {
  const results: RuleResult[] = [];
  for (const rule of rules) {
    if (rule.applies?.(request) === false) continue;
    deps.signal.throwIfAborted();
    const session = new CheckSession(request, deps);
    let violations: readonly string[];
    try {
      violations = await rule.check(session);
    } catch (error) {
      if (!(error instanceof LaunchFault)) throw error;
      violations = [describeFault(error, session)];
    } finally {
      session.close();
    }
    const result = { rule: rule.name, asks: rule.asks, violations };
    results.push(result);
    onResult(result);
    // What does not even start breaks every other rule the same way.
    if (rule.name === "start" && violations.length > 0) break;
  }
  return results;
}

function describeFault(fault: LaunchFault, { instance }: CheckSession): string {
  const stderr = instance.stderrTail.trim().split("\n").slice(-3).join(" | ");
  const said = stderr === "" ? "" : `; its stderr ends: ${stderr}`;
  return `${fault.reason}: ${fault.message}${said}`;
}
