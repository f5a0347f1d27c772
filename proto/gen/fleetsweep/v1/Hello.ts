// Original file: proto/fleetsweep/v1/agent_link.proto

import type { Runner as _fleetsweep_v1_Runner, Runner__Output as _fleetsweep_v1_Runner__Output } from '../../fleetsweep/v1/Runner.ts';
import type { SpooledShard as _fleetsweep_v1_SpooledShard, SpooledShard__Output as _fleetsweep_v1_SpooledShard__Output } from '../../fleetsweep/v1/SpooledShard.ts';

export interface Hello {
  'protocolVersion'?: (number);
  'hostId'?: (string);
  'agentVersion'?: (string);
  'topologyJson'?: (string);
  'runners'?: (_fleetsweep_v1_Runner)[];
  'heldGrantIds'?: (string)[];
  'spoolDepth'?: (number);
  'labels'?: ({[key: string]: string});
  'spooledShards'?: (_fleetsweep_v1_SpooledShard)[];
  'oldestProtocolVersion'?: (number);
  'instanceId'?: (string);
}

export interface Hello__Output {
  'protocolVersion': (number);
  'hostId': (string);
  'agentVersion': (string);
  'topologyJson': (string);
  'runners': (_fleetsweep_v1_Runner__Output)[];
  'heldGrantIds': (string)[];
  'spoolDepth': (number);
  'labels': ({[key: string]: string});
  'spooledShards': (_fleetsweep_v1_SpooledShard__Output)[];
  'oldestProtocolVersion': (number);
  'instanceId': (string);
}
