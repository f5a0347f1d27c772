// Original file: proto/fleetsweep/v1/operator.proto

import type { SweepSummary as _fleetsweep_v1_SweepSummary, SweepSummary__Output as _fleetsweep_v1_SweepSummary__Output } from '../../fleetsweep/v1/SweepSummary.ts';

export interface ListSweepsResponse {
  'sweeps'?: (_fleetsweep_v1_SweepSummary)[];
  'more'?: (boolean);
}

export interface ListSweepsResponse__Output {
  'sweeps': (_fleetsweep_v1_SweepSummary__Output)[];
  'more': (boolean);
}
