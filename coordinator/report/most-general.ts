import type { Scope } from "../analysis/findings.ts";

/** Findings of whole classes where there are any, for the hosts of a class say the same with less data. */
export function mostGeneral<Finding extends { readonly scope: Scope }>(
  findings: readonly Finding[],
): readonly Finding[] {
  const covered = new Set(
    findings.flatMap(({ scope }) => (scope.kind === "class" ? scope.hostIds : [])),
  );
  return findings.filter(({ scope }) => scope.kind === "class" || !covered.has(scope.id));
}
