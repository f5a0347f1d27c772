// Original file: proto/fleetsweep/v1/schedules.proto


export interface ResumeSchedule {
}

export interface ResumeSchedule__Output {
}
