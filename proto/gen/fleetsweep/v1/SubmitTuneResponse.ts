// Original file: proto/fleetsweep/v1/operator.proto


export interface SubmitTuneResponse {
  'sweepId'?: (string);
  'configurations'?: (number);
  'hostIds'?: (string)[];
}

export interface SubmitTuneResponse__Output {
  'sweepId': (string);
  'configurations': (number);
  'hostIds': (string)[];
}
