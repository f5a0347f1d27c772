import type { Topology } from "../../../shared/domain/topology.ts";

/** `serious` spoils results; `warning` widens intervals or binds a verdict to a setting; `note` is to be known. */
export type Severity = "serious" | "warning" | "note";

/** One thing about a host that a measurement on it would feel. */
export interface Finding {
  readonly severity: Severity;
  /** What was read, with its numbers. */
  readonly fact: string;
  /** Why it matters to a measurement. */
  readonly why: string;
  /** A command that changes it; null where only firmware, hands or nothing can. */
  readonly command: string | null;
}

/** What the doctor looks at. Everything may be unknown: a captured tree has no load and no programs. */
export interface DoctorFacts {
  readonly topology: Topology;
  readonly load: LoadFacts | null;
  readonly programs: ProgramFacts | null;
}

export interface LoadFacts {
  /** CPUs' worth of work by others than the doctor, over the probe; null where it cannot be told. */
  readonly busyCpus: number | null;
  /** Share of time stolen by a hypervisor, 0 to 1. */
  readonly stolenShare: number | null;
  /** The load average over one minute. */
  readonly loadAverage: number | null;
}

export interface ProgramFacts {
  /** Path of numactl(8); null where it is not installed. */
  readonly numactl: string | null;
  /** As `nats-server --version` says: `2.9.10`; null where it is not installed or does not answer. */
  readonly natsServerVersion: string | null;
  /** Where libblas.so.3 leads; null where the host has none. */
  readonly blas: string | null;
}

/** Looks at one subject; no finding means that nothing speaks against a measurement, or nothing is known. */
export type DoctorRule = (facts: DoctorFacts) => readonly Finding[];
