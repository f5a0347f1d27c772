// Original file: proto/fleetsweep/v1/operator.proto


export interface WatchSweepRequest {
  'sweepId'?: (string);
  'changes'?: (boolean);
}

export interface WatchSweepRequest__Output {
  'sweepId': (string);
  'changes': (boolean);
}
