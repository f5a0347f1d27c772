// Original file: proto/fleetsweep/v1/agent_link.proto

import type { Hello as _fleetsweep_v1_Hello, Hello__Output as _fleetsweep_v1_Hello__Output } from '../../fleetsweep/v1/Hello.ts';
import type { Heartbeat as _fleetsweep_v1_Heartbeat, Heartbeat__Output as _fleetsweep_v1_Heartbeat__Output } from '../../fleetsweep/v1/Heartbeat.ts';
import type { Accept as _fleetsweep_v1_Accept, Accept__Output as _fleetsweep_v1_Accept__Output } from '../../fleetsweep/v1/Accept.ts';
import type { Refuse as _fleetsweep_v1_Refuse, Refuse__Output as _fleetsweep_v1_Refuse__Output } from '../../fleetsweep/v1/Refuse.ts';
import type { Progress as _fleetsweep_v1_Progress, Progress__Output as _fleetsweep_v1_Progress__Output } from '../../fleetsweep/v1/Progress.ts';
import type { FactsChanged as _fleetsweep_v1_FactsChanged, FactsChanged__Output as _fleetsweep_v1_FactsChanged__Output } from '../../fleetsweep/v1/FactsChanged.ts';

export interface AttachRequest {
  'hello'?: (_fleetsweep_v1_Hello | null);
  'heartbeat'?: (_fleetsweep_v1_Heartbeat | null);
  'accept'?: (_fleetsweep_v1_Accept | null);
  'refuse'?: (_fleetsweep_v1_Refuse | null);
  'progress'?: (_fleetsweep_v1_Progress | null);
  'factsChanged'?: (_fleetsweep_v1_FactsChanged | null);
  'message'?: "hello"|"heartbeat"|"accept"|"refuse"|"progress"|"factsChanged";
}

export interface AttachRequest__Output {
  'hello'?: (_fleetsweep_v1_Hello__Output | null);
  'heartbeat'?: (_fleetsweep_v1_Heartbeat__Output | null);
  'accept'?: (_fleetsweep_v1_Accept__Output | null);
  'refuse'?: (_fleetsweep_v1_Refuse__Output | null);
  'progress'?: (_fleetsweep_v1_Progress__Output | null);
  'factsChanged'?: (_fleetsweep_v1_FactsChanged__Output | null);
  'message'?: "hello"|"heartbeat"|"accept"|"refuse"|"progress"|"factsChanged";
}
