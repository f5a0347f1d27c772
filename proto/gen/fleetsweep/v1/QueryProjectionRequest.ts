// Original file: proto/fleetsweep/v1/operator.proto


export interface QueryProjectionRequest {
  'sql'?: (string);
  'maxRows'?: (number);
}

export interface QueryProjectionRequest__Output {
  'sql': (string);
  'maxRows': (number);
}
