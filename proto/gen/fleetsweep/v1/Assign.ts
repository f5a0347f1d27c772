// Original file: proto/fleetsweep/v1/agent_link.proto

import type { Method as _fleetsweep_v1_Method, Method__Output as _fleetsweep_v1_Method__Output } from '../../fleetsweep/v1/Method.ts';
import type { Cell as _fleetsweep_v1_Cell, Cell__Output as _fleetsweep_v1_Cell__Output } from '../../fleetsweep/v1/Cell.ts';
import type { CountedLaunch as _fleetsweep_v1_CountedLaunch, CountedLaunch__Output as _fleetsweep_v1_CountedLaunch__Output } from '../../fleetsweep/v1/CountedLaunch.ts';

export interface Assign {
  'grantId'?: (string);
  'sweepId'?: (string);
  'shardId'?: (string);
  'method'?: (_fleetsweep_v1_Method | null);
  'cells'?: (_fleetsweep_v1_Cell)[];
  'counted'?: (_fleetsweep_v1_CountedLaunch)[];
}

export interface Assign__Output {
  'grantId': (string);
  'sweepId': (string);
  'shardId': (string);
  'method': (_fleetsweep_v1_Method__Output | null);
  'cells': (_fleetsweep_v1_Cell__Output)[];
  'counted': (_fleetsweep_v1_CountedLaunch__Output)[];
}
