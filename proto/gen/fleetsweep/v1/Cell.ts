// Original file: proto/fleetsweep/v1/types.proto

import type { Parameter as _fleetsweep_v1_Parameter, Parameter__Output as _fleetsweep_v1_Parameter__Output } from '../../fleetsweep/v1/Parameter.ts';

export interface Cell {
  'cellId'?: (string);
  'parameters'?: (_fleetsweep_v1_Parameter)[];
}

export interface Cell__Output {
  'cellId': (string);
  'parameters': (_fleetsweep_v1_Parameter__Output)[];
}
