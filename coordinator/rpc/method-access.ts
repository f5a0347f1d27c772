import type { AgentLinkServiceHandlers } from "../../proto/gen/fleetsweep/v1/AgentLinkService.ts";
import type { IdentityServiceHandlers } from "../../proto/gen/fleetsweep/v1/IdentityService.ts";
import type { OperatorServiceHandlers } from "../../proto/gen/fleetsweep/v1/OperatorService.ts";
import type { AccessRule } from "../logic/decide-access.ts";

type Named<Handlers> = {
  readonly [Method in keyof Handlers as string extends Method ? never : Method]: AccessRule;
};

/** Who may make each call; the compiler asks for a row for every call of the protos. */
const operatorRules: Named<OperatorServiceHandlers> = {
  ListSweeps: "read",
  WatchSweep: "read",
  GetReport: "read",
  ListHosts: "read",
  CompareCells: "read",
  GetHistory: "read",
  QueryProjection: "read",
  ExportTable: "read",
  GetTuneReport: "read",
  ListBest: "read",
  Recommend: "read",
  SubmitSweep: "run",
  SubmitTune: "run",
  ListSchedules: "read",
  ChangeSchedule: "run",
  CancelSweep: "run",
  CordonHost: "admin",
  UncordonHost: "admin",
  AbandonHost: "admin",
};
const agentRules: Named<AgentLinkServiceHandlers> = { Attach: "host" };
const identityRules: Named<IdentityServiceHandlers> = { Renew: "host" };

const services: Readonly<Record<string, Readonly<Record<string, AccessRule>>>> = {
  "fleetsweep.v1.OperatorService": operatorRules,
  "fleetsweep.v1.AgentLinkService": agentRules,
  "fleetsweep.v1.IdentityService": identityRules,
  "grpc.health.v1.Health": { Check: "anybody", Watch: "anybody" },
};

/** The rule of a call by its path, such as `/fleetsweep.v1.OperatorService/ListSweeps`. */
export function accessRuleOf(path: string): AccessRule | undefined {
  const [, service = "", method = ""] = path.split("/");
  const rules = Object.hasOwn(services, service) ? services[service] : undefined;
  return rules !== undefined && Object.hasOwn(rules, method) ? rules[method] : undefined;
}

/** Whether the call changes something, so that it stands in the audit trail. */
export function isAudited(rule: AccessRule | undefined): boolean {
  return rule === "run" || rule === "admin";
}
