// Original file: proto/fleetsweep/v1/schedules.proto

import type { AddSchedule as _fleetsweep_v1_AddSchedule, AddSchedule__Output as _fleetsweep_v1_AddSchedule__Output } from '../../fleetsweep/v1/AddSchedule.ts';
import type { PauseSchedule as _fleetsweep_v1_PauseSchedule, PauseSchedule__Output as _fleetsweep_v1_PauseSchedule__Output } from '../../fleetsweep/v1/PauseSchedule.ts';
import type { ResumeSchedule as _fleetsweep_v1_ResumeSchedule, ResumeSchedule__Output as _fleetsweep_v1_ResumeSchedule__Output } from '../../fleetsweep/v1/ResumeSchedule.ts';
import type { RunScheduleNow as _fleetsweep_v1_RunScheduleNow, RunScheduleNow__Output as _fleetsweep_v1_RunScheduleNow__Output } from '../../fleetsweep/v1/RunScheduleNow.ts';
import type { RemoveSchedule as _fleetsweep_v1_RemoveSchedule, RemoveSchedule__Output as _fleetsweep_v1_RemoveSchedule__Output } from '../../fleetsweep/v1/RemoveSchedule.ts';
import type { PinBaseline as _fleetsweep_v1_PinBaseline, PinBaseline__Output as _fleetsweep_v1_PinBaseline__Output } from '../../fleetsweep/v1/PinBaseline.ts';

export interface ChangeScheduleRequest {
  'name'?: (string);
  'add'?: (_fleetsweep_v1_AddSchedule | null);
  'pause'?: (_fleetsweep_v1_PauseSchedule | null);
  'resume'?: (_fleetsweep_v1_ResumeSchedule | null);
  'runNow'?: (_fleetsweep_v1_RunScheduleNow | null);
  'remove'?: (_fleetsweep_v1_RemoveSchedule | null);
  'pin'?: (_fleetsweep_v1_PinBaseline | null);
  'change'?: "add"|"pause"|"resume"|"runNow"|"remove"|"pin";
}

export interface ChangeScheduleRequest__Output {
  'name': (string);
  'add'?: (_fleetsweep_v1_AddSchedule__Output | null);
  'pause'?: (_fleetsweep_v1_PauseSchedule__Output | null);
  'resume'?: (_fleetsweep_v1_ResumeSchedule__Output | null);
  'runNow'?: (_fleetsweep_v1_RunScheduleNow__Output | null);
  'remove'?: (_fleetsweep_v1_RemoveSchedule__Output | null);
  'pin'?: (_fleetsweep_v1_PinBaseline__Output | null);
  'change'?: "add"|"pause"|"resume"|"runNow"|"remove"|"pin";
}
