// Original file: proto/fleetsweep/v1/operator.proto


export interface RecommendResponse {
  'partJson'?: (string);
}

export interface RecommendResponse__Output {
  'partJson': (string);
}
