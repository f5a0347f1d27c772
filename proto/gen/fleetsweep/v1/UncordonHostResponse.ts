// Original file: proto/fleetsweep/v1/operator.proto


export interface UncordonHostResponse {
  'state'?: (string);
  'needless'?: (boolean);
}

export interface UncordonHostResponse__Output {
  'state': (string);
  'needless': (boolean);
}
