// Original file: proto/fleetsweep/v1/schedules.proto


export interface PauseSchedule {
  'reason'?: (string);
}

export interface PauseSchedule__Output {
  'reason': (string);
}
