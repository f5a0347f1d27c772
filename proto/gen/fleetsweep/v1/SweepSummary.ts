// Original file: proto/fleetsweep/v1/operator.proto

import type { CellCounts as _fleetsweep_v1_CellCounts, CellCounts__Output as _fleetsweep_v1_CellCounts__Output } from '../../fleetsweep/v1/CellCounts.ts';

export interface SweepSummary {
  'sweepId'?: (string);
  'name'?: (string);
  'state'?: (string);
  'submittedAtMs'?: (number | string);
  'cells'?: (_fleetsweep_v1_CellCounts | null);
  'hostIds'?: (string)[];
  'orphans'?: (number);
  'cancelReason'?: (string);
  'failedLaunches'?: (number);
}

export interface SweepSummary__Output {
  'sweepId': (string);
  'name': (string);
  'state': (string);
  'submittedAtMs': (number);
  'cells': (_fleetsweep_v1_CellCounts__Output | null);
  'hostIds': (string)[];
  'orphans': (number);
  'cancelReason': (string);
  'failedLaunches': (number);
}
