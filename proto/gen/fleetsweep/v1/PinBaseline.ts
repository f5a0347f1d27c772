// Original file: proto/fleetsweep/v1/schedules.proto


export interface PinBaseline {
  'sweepId'?: (string);
}

export interface PinBaseline__Output {
  'sweepId': (string);
}
