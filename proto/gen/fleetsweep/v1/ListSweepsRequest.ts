// Original file: proto/fleetsweep/v1/operator.proto


export interface ListSweepsRequest {
  'beforeSweepId'?: (string);
  'limit'?: (number);
}

export interface ListSweepsRequest__Output {
  'beforeSweepId': (string);
  'limit': (number);
}
