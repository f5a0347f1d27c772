import { evaluate, namesIn } from "../../../shared/domain/expression.ts";
import { readHostFact } from "../../../shared/domain/host-facts.ts";
import type { PlanningHost } from "../sweep-plan.ts";
import type { HostSelection } from "../sweep-spec.ts";

/** Why the selector leaves this host out; null where it takes it. What a host does not say is no match. */
export function refuseHost(host: PlanningHost, selection: HostSelection): string | null {
  if (selection.where === null) return null;
  const { expression, text } = selection.where;
  const lookup = (name: string) => readHostFact(host, name);
  const value = evaluate(expression, lookup);
  if (value === true) return null;
  const names = [...new Set(namesIn(expression).map((entry) => entry.name))];
  const facts = names.map((name) => `${name} = ${lookup(name) ?? "unknown"}`).join(", ");
  return `not selected by ${text} (${facts})`;
}
