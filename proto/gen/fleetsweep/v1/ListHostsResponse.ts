// Original file: proto/fleetsweep/v1/operator.proto

import type { Host as _fleetsweep_v1_Host, Host__Output as _fleetsweep_v1_Host__Output } from '../../fleetsweep/v1/Host.ts';

export interface ListHostsResponse {
  'hosts'?: (_fleetsweep_v1_Host)[];
  'more'?: (boolean);
}

export interface ListHostsResponse__Output {
  'hosts': (_fleetsweep_v1_Host__Output)[];
  'more': (boolean);
}
