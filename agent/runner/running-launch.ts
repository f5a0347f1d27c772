import type { ReadyMessage } from "./contract.ts";
import type { RunnerInstance } from "./instance.ts";
import type { CellPhase, LaunchPlan } from "./launch-plan.ts";
import type { LaunchSystem } from "./launch-system.ts";

/** What a launch needs of its surroundings. */
export interface LaunchDeps {
  readonly system: LaunchSystem;
  /** Names what belongs to the launch outside of it; unnamed unless given. */
  readonly launchId?: string;
  /** Ends the launch; what was measured is kept. */
  readonly signal: AbortSignal;
  readonly onProgress: (cellId: string, phase: CellPhase) => void;
  /** What went wrong beside the launch, such as a setting of the host that could not be put back. */
  readonly onTrouble?: (trouble: string) => void;
}

/** A launch whose instances are all ready. */
export interface RunningLaunch {
  readonly plan: LaunchPlan;
  readonly deps: LaunchDeps;
  readonly instances: readonly RunnerInstance[];
  readonly ready: readonly ReadyMessage[];
  /** No thread of the agent may run on the launch's PUs. */
  readonly isAgentAside: boolean;
  /** Bound of each wait for a message. */
  readonly timeoutMs: number;
}
