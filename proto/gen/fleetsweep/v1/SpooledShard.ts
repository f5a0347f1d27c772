// Original file: proto/fleetsweep/v1/agent_link.proto


export interface SpooledShard {
  'sweepId'?: (string);
  'shardId'?: (string);
}

export interface SpooledShard__Output {
  'sweepId': (string);
  'shardId': (string);
}
