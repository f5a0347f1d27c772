import type { DoctorRule } from "./finding.ts";

export const checkMitigations: DoctorRule = ({ topology: { system } }) => {
  const states = Object.entries(system.vulnerabilities ?? {});
  const active = states.filter(([, state]) => state.includes("Mitigation")).map(([name]) => name);
  if (active.length === 0) return [];
  return [
    {
      severity: "note",
      fact: `the kernel mitigates ${active.join(", ")}`,
      why: "system calls and context switches cost more; compare only hosts that mitigate the same",
      command: null,
    },
  ];
};

/** How many of the reader's warnings become findings of their own. */
const shownWarnings = 10;

export const checkReaderWarnings: DoctorRule = ({ topology: { warnings } }) =>
  warnings.slice(0, shownWarnings).map((warning) => ({
    severity: "warning" as const,
    fact: warning,
    why: "what the host says of itself is damaged there, so a part of its topology is unknown",
    command: null,
  }));
