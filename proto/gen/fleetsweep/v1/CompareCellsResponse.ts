// Original file: proto/fleetsweep/v1/operator.proto


export interface CompareCellsResponse {
  'partJson'?: (string);
}

export interface CompareCellsResponse__Output {
  'partJson': (string);
}
