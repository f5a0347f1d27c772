import type { PlannedCell } from "../../shared/domain/log-event.ts";
import type { Method } from "../../shared/domain/method.ts";
import type { InstancePlacement } from "../../shared/domain/placement.ts";
import type { LaunchEnvironment, LaunchOutcome } from "../../shared/domain/result.ts";
import type { NamedSetting } from "../knobs/registry.ts";
import type { StartMessage } from "./contract.ts";

/** What every instance of a launch is started with. */
export type StartParameters = Pick<
  StartMessage,
  "mode" | "dtype" | "model" | "parameters" | "seed"
>;

/** One launch, ready to run: made by `planLaunch` and by nothing else. */
export interface LaunchPlan {
  readonly runner: string;
  readonly runnerVersion: string;
  /** The runner's program and arguments, without what knobs put before it. */
  readonly argv: readonly string[];
  readonly start: StartParameters;
  readonly instances: readonly InstancePlacement[];
  readonly bindingTool: LaunchEnvironment["bindingTool"];
  readonly settings: readonly NamedSetting[];
  /** Which launch of its cells this is, from 1: what is drawn at random differs from launch to launch. */
  readonly block: number;
  /** In the order to measure. */
  readonly cells: readonly PlannedCell[];
  readonly method: Method;
}

/** Where a cell stands, for progress rows. */
export type CellPhase = "starting" | "warming-up" | "measuring" | "measured" | "failed";

export interface LaunchReport {
  /**
   * In the order of the plan. A cell that the launch did not reach has no outcome: it is neither
   * measured nor failed, and stands for a later launch.
   */
  readonly outcomes: ReadonlyMap<string, LaunchOutcome>;
  /** The caller's signal ended the launch. */
  readonly cancelled: boolean;
}
