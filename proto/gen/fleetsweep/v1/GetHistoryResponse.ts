// Original file: proto/fleetsweep/v1/operator.proto


export interface GetHistoryResponse {
  'historyJson'?: (string);
}

export interface GetHistoryResponse__Output {
  'historyJson': (string);
}
