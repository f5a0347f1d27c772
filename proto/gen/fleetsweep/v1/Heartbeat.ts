// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Heartbeat {
  'state'?: (string);
  'spoolDepth'?: (number);
}

export interface Heartbeat__Output {
  'state': (string);
  'spoolDepth': (number);
}
