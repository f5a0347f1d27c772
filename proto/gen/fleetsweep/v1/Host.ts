// Original file: proto/fleetsweep/v1/operator.proto

import type { Runner as _fleetsweep_v1_Runner, Runner__Output as _fleetsweep_v1_Runner__Output } from '../../fleetsweep/v1/Runner.ts';

export interface Host {
  'hostId'?: (string);
  'state'?: (string);
  'agentVersion'?: (string);
  'topologyJson'?: (string);
  'runners'?: (_fleetsweep_v1_Runner)[];
  'spoolDepth'?: (number);
  'lastSeenMs'?: (number | string);
  'hostClass'?: (string);
  'labels'?: ({[key: string]: string});
  'currentSweepId'?: (string);
  'cordonReason'?: (string);
  'cordonMode'?: (string);
  'cordonBy'?: (string);
  'spoolBytes'?: (number | string);
  'heardBy'?: (string);
}

export interface Host__Output {
  'hostId': (string);
  'state': (string);
  'agentVersion': (string);
  'topologyJson': (string);
  'runners': (_fleetsweep_v1_Runner__Output)[];
  'spoolDepth': (number);
  'lastSeenMs': (number);
  'hostClass': (string);
  'labels': ({[key: string]: string});
  'currentSweepId': (string);
  'cordonReason': (string);
  'cordonMode': (string);
  'cordonBy': (string);
  'spoolBytes': (number);
  'heardBy': (string);
}
