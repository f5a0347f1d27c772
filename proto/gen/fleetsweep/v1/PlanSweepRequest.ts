// Original file: proto/fleetsweep/v1/operator.proto


export interface PlanSweepRequest {
  'fileName'?: (string);
  'source'?: (string);
}

export interface PlanSweepRequest__Output {
  'fileName': (string);
  'source': (string);
}
