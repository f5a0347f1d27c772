// Original file: proto/fleetsweep/v1/operator.proto

import type { SweepSummary as _fleetsweep_v1_SweepSummary, SweepSummary__Output as _fleetsweep_v1_SweepSummary__Output } from '../../fleetsweep/v1/SweepSummary.ts';
import type { HostProgress as _fleetsweep_v1_HostProgress, HostProgress__Output as _fleetsweep_v1_HostProgress__Output } from '../../fleetsweep/v1/HostProgress.ts';

export interface WatchSweepResponse {
  'summary'?: (_fleetsweep_v1_SweepSummary | null);
  'hosts'?: (_fleetsweep_v1_HostProgress)[];
}

export interface WatchSweepResponse__Output {
  'summary': (_fleetsweep_v1_SweepSummary__Output | null);
  'hosts': (_fleetsweep_v1_HostProgress__Output)[];
}
