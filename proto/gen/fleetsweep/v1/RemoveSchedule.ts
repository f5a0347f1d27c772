// Original file: proto/fleetsweep/v1/schedules.proto


export interface RemoveSchedule {
}

export interface RemoveSchedule__Output {
}
