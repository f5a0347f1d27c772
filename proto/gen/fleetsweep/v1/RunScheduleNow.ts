// Original file: proto/fleetsweep/v1/schedules.proto


export interface RunScheduleNow {
}

export interface RunScheduleNow__Output {
}
