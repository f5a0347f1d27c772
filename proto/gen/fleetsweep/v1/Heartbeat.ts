// Original file: proto/fleetsweep/v1/agent_link.proto

import type { SpooledShard as _fleetsweep_v1_SpooledShard, SpooledShard__Output as _fleetsweep_v1_SpooledShard__Output } from '../../fleetsweep/v1/SpooledShard.ts';

export interface Heartbeat {
  'state'?: (string);
  'spoolDepth'?: (number);
  'spooledShards'?: (_fleetsweep_v1_SpooledShard)[];
  'spoolBytes'?: (number | string);
}

export interface Heartbeat__Output {
  'state': (string);
  'spoolDepth': (number);
  'spooledShards': (_fleetsweep_v1_SpooledShard__Output)[];
  'spoolBytes': (number);
}
