// Original file: proto/fleetsweep/v1/operator.proto


export interface GetHistoryRequest {
  'cells'?: (string);
}

export interface GetHistoryRequest__Output {
  'cells': (string);
}
