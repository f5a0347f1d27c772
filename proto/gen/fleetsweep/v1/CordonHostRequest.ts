// Original file: proto/fleetsweep/v1/operator.proto


export interface CordonHostRequest {
  'hostId'?: (string);
  'drain'?: (boolean);
  'reason'?: (string);
}

export interface CordonHostRequest__Output {
  'hostId': (string);
  'drain': (boolean);
  'reason': (string);
}
