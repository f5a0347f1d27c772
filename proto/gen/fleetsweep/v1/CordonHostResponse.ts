// Original file: proto/fleetsweep/v1/operator.proto


export interface CordonHostResponse {
  'state'?: (string);
}

export interface CordonHostResponse__Output {
  'state': (string);
}
