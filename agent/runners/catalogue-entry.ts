import type { RunnerDeclaration } from "../../shared/domain/runner-declaration.ts";
import type { RunnersConfig } from "./catalogue-config.ts";

/** A runner as this host can start it. Only `declaration` ever leaves the host. */
export interface CatalogueEntry {
  readonly declaration: RunnerDeclaration;
  /** Program and arguments; empty where the runner is unavailable. */
  readonly argv: readonly string[];
  /** Where each declared model comes from. */
  readonly models: Readonly<Record<string, ModelSource>>;
}

export type ModelSource =
  | { readonly kind: "built-in" }
  /** A null dtype: the runner converts the file to whichever is asked for. */
  | { readonly kind: "file"; readonly path: string; readonly dtype: string | null };

/** What a runner's own file contributes: nothing, one entry, or one per declared program. */
export interface RunnerKind {
  readonly name: string;
  /** @throws FleetsweepError config.invalid for a declaration that this host cannot mean. */
  declare(config: RunnersConfig): Promise<readonly CatalogueEntry[]>;
}
