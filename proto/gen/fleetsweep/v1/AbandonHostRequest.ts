// Original file: proto/fleetsweep/v1/operator.proto


export interface AbandonHostRequest {
  'sweepId'?: (string);
  'hostId'?: (string);
  'reason'?: (string);
}

export interface AbandonHostRequest__Output {
  'sweepId': (string);
  'hostId': (string);
  'reason': (string);
}
