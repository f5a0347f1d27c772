// Original file: proto/fleetsweep/v1/operator.proto


export interface CancelSweepRequest {
  'sweepId'?: (string);
  'reason'?: (string);
}

export interface CancelSweepRequest__Output {
  'sweepId': (string);
  'reason': (string);
}
