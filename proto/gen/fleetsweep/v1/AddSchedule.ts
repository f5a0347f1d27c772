// Original file: proto/fleetsweep/v1/schedules.proto


export interface AddSchedule {
  'specJson'?: (string);
  'fileName'?: (string);
  'source'?: (string);
}

export interface AddSchedule__Output {
  'specJson': (string);
  'fileName': (string);
  'source': (string);
}
