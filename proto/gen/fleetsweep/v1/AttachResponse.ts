// Original file: proto/fleetsweep/v1/agent_link.proto

import type { Welcome as _fleetsweep_v1_Welcome, Welcome__Output as _fleetsweep_v1_Welcome__Output } from '../../fleetsweep/v1/Welcome.ts';
import type { Assign as _fleetsweep_v1_Assign, Assign__Output as _fleetsweep_v1_Assign__Output } from '../../fleetsweep/v1/Assign.ts';
import type { Withdraw as _fleetsweep_v1_Withdraw, Withdraw__Output as _fleetsweep_v1_Withdraw__Output } from '../../fleetsweep/v1/Withdraw.ts';
import type { Release as _fleetsweep_v1_Release, Release__Output as _fleetsweep_v1_Release__Output } from '../../fleetsweep/v1/Release.ts';
import type { LogIdentity as _fleetsweep_v1_LogIdentity, LogIdentity__Output as _fleetsweep_v1_LogIdentity__Output } from '../../fleetsweep/v1/LogIdentity.ts';

export interface AttachResponse {
  'welcome'?: (_fleetsweep_v1_Welcome | null);
  'assign'?: (_fleetsweep_v1_Assign | null);
  'withdraw'?: (_fleetsweep_v1_Withdraw | null);
  'release'?: (_fleetsweep_v1_Release | null);
  'logIdentity'?: (_fleetsweep_v1_LogIdentity | null);
  'message'?: "welcome"|"assign"|"withdraw"|"release"|"logIdentity";
}

export interface AttachResponse__Output {
  'welcome'?: (_fleetsweep_v1_Welcome__Output | null);
  'assign'?: (_fleetsweep_v1_Assign__Output | null);
  'withdraw'?: (_fleetsweep_v1_Withdraw__Output | null);
  'release'?: (_fleetsweep_v1_Release__Output | null);
  'logIdentity'?: (_fleetsweep_v1_LogIdentity__Output | null);
  'message'?: "welcome"|"assign"|"withdraw"|"release"|"logIdentity";
}
