import { extent } from "../../shared/stats/extent.ts";
import type { FoundHost } from "../analysis/findings.ts";
import type { Report, ReportRow } from "../analysis/report.ts";
import type { Guide } from "./figure-spec.ts";

/**
 * Where a package or a NUMA node of the rows' host is full, as lines at these numbers of cores. Hosts
 * whose shape is not known, or that differ, have none.
 */
export function boundaryGuides(report: Report, rows: readonly ReportRow[]): readonly Guide[] {
  const ids = new Set(rows.map(({ hostId }) => hostId));
  const shapes = report.findings.hosts.filter(({ hostId }) => ids.has(hostId)).map(readShape);
  const [shape] = shapes;
  if (shape === undefined || shape === null) return [];
  if (new Set(shapes.map((some) => JSON.stringify(some))).size > 1) return [];
  const [, largest] = extent(rows.map(({ cell }) => Number(cell["cores"]) || 0));
  return makeGuides(shape).filter(({ at }) => at > 1 && at <= largest);
}

/** Cores of each package, and of each NUMA node with cores by package. */
interface HostShape {
  readonly coresPerPackage: readonly number[];
  readonly coresPerNumaNode: readonly (readonly number[])[];
}

function readShape({ coresPerPackage, coresPerNumaNode }: FoundHost): HostShape | null {
  if (coresPerPackage === null) return null;
  return { coresPerPackage, coresPerNumaNode: coresPerNumaNode ?? [] };
}

function makeGuides({ coresPerPackage, coresPerNumaNode }: HostShape): Guide[] {
  const guides: Guide[] = [];
  let full = 0;
  coresPerPackage.forEach((cores, index) => {
    const numaNodes = coresPerNumaNode[index] ?? [];
    let filled = full;
    // One NUMA node a package says nothing that the package does not say.
    if (numaNodes.length > 1) {
      numaNodes.slice(0, -1).forEach((some) => {
        filled += some;
        guides.push({ axis: "x", at: filled, label: "NUMA", minor: true });
      });
    }
    full += cores;
    const label = coresPerPackage.length > 1 && index > 0 ? `${index + 1} sockets` : "1 socket";
    guides.push({ axis: "x", at: full, label });
  });
  return guides;
}
