import type { CheckRequest, CheckSession } from "./session.ts";

/** One promise of the contract, checked in a process of its own. */
export interface ContractRule {
  readonly name: string;
  readonly asks: string;
  readonly applies?: (request: CheckRequest) => boolean;
  /** @throws LaunchFault where the program dies, is silent or writes what is no message. */
  check(session: CheckSession): Promise<readonly string[]>;
}
