// Original file: proto/fleetsweep/v1/schedules.proto


export interface ListSchedulesResponse {
  'scheduleJson'?: (string)[];
}

export interface ListSchedulesResponse__Output {
  'scheduleJson': (string)[];
}
