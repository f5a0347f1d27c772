// Original file: proto/fleetsweep/v1/operator.proto


export interface SubmitSweepResponse {
  'sweepId'?: (string);
  'cellCount'?: (number);
  'shardCount'?: (number);
}

export interface SubmitSweepResponse__Output {
  'sweepId': (string);
  'cellCount': (number);
  'shardCount': (number);
}
