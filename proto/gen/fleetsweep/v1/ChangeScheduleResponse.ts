// Original file: proto/fleetsweep/v1/schedules.proto


export interface ChangeScheduleResponse {
  'sweepId'?: (string);
}

export interface ChangeScheduleResponse__Output {
  'sweepId': (string);
}
