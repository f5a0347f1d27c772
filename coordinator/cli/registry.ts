import type { CliCommand } from "../../shared/cli/command.ts";
import { abandon } from "./commands/abandon.ts";
import { audit } from "./commands/audit.ts";
import { best } from "./commands/best.ts";
import { ca } from "./commands/ca.ts";
import { cancel } from "./commands/cancel.ts";
import { compare } from "./commands/compare.ts";
import { completion } from "./commands/completion.ts";
import { coordinator } from "./commands/coordinator.ts";
import { exportCommand } from "./commands/export.ts";
import { figure } from "./commands/figure.ts";
import { gate } from "./commands/gate.ts";
import { history } from "./commands/history.ts";
import { cordon, drain, uncordon, undrain } from "./commands/host-service.ts";
import { hosts } from "./commands/hosts.ts";
import { importCommand } from "./commands/import.ts";
import { natsConfig } from "./commands/nats-config.ts";
import { operator } from "./commands/operator.ts";
import { plan } from "./commands/plan.ts";
import { presets } from "./commands/presets.ts";
import { proofs } from "./commands/proofs.ts";
import { quickstart } from "./commands/quickstart.ts";
import { recommendCommand } from "./commands/recommend.ts";
import { report } from "./commands/report.ts";
import { run } from "./commands/run.ts";
import { schedule } from "./commands/schedule.ts";
import { sql } from "./commands/sql.ts";
import { status } from "./commands/status.ts";
import { sweeps } from "./commands/sweeps.ts";
import { token } from "./commands/token.ts";
import { tune } from "./commands/tune.ts";
import { tuneReport } from "./commands/tune-report.ts";
import { up } from "./commands/up.ts";
import { handoverCommand } from "./handover.ts";

/** Every verb of the CLI, in the order of the help. */
export const commands: readonly CliCommand[] = [
  quickstart,
  up,
  plan,
  presets,
  run,
  tune,
  tuneReport,
  best,
  sweeps,
  status,
  report,
  proofs,
  figure,
  recommendCommand,
  compare,
  gate,
  history,
  sql,
  exportCommand,
  importCommand,
  schedule,
  hosts,
  drain,
  undrain,
  cordon,
  uncordon,
  cancel,
  abandon,
  coordinator,
  ca,
  token,
  operator,
  natsConfig,
  audit,
  handoverCommand("agent", "run this host's agent in the foreground"),
  handoverCommand("topology", "show packages, NUMA nodes, cores and caches of this host"),
  handoverCommand("doctor", "say what on this host would spoil a measurement"),
  handoverCommand(
    "runner",
    "list this host's runners, and check that one keeps the runner contract",
  ),
  handoverCommand("runtimes", "list, install and remove the Python environments of runners"),
  completion,
];
