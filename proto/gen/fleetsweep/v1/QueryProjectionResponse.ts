// Original file: proto/fleetsweep/v1/operator.proto


export interface QueryProjectionResponse {
  'partJson'?: (string);
}

export interface QueryProjectionResponse__Output {
  'partJson': (string);
}
