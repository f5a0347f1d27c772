// Original file: proto/fleetsweep/v1/operator.proto


export interface RecommendRequest {
  'sweepId'?: (string);
  'objective'?: (string);
  'margin'?: (number | string);
}

export interface RecommendRequest__Output {
  'sweepId': (string);
  'objective': (string);
  'margin': (number);
}
