// Original file: proto/fleetsweep/v1/schedules.proto


export interface ListSchedulesRequest {
  'name'?: (string);
  'nextFires'?: (number);
}

export interface ListSchedulesRequest__Output {
  'name': (string);
  'nextFires': (number);
}
