// Original file: proto/fleetsweep/v1/operator.proto


export interface SubmitSweepRequest {
  'sweepId'?: (string);
  'fileName'?: (string);
  'source'?: (string);
}

export interface SubmitSweepRequest__Output {
  'sweepId': (string);
  'fileName': (string);
  'source': (string);
}
