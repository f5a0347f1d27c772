// Original file: proto/fleetsweep/v1/operator.proto


export interface UncordonHostRequest {
  'hostId'?: (string);
  'reason'?: (string);
}

export interface UncordonHostRequest__Output {
  'hostId': (string);
  'reason': (string);
}
