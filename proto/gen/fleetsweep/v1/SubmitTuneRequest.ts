// Original file: proto/fleetsweep/v1/operator.proto


export interface SubmitTuneRequest {
  'sweepId'?: (string);
  'fileName'?: (string);
  'source'?: (string);
  'overridesJson'?: (string);
}

export interface SubmitTuneRequest__Output {
  'sweepId': (string);
  'fileName': (string);
  'source': (string);
  'overridesJson': (string);
}
