// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Welcome {
  'heartbeatIntervalMs'?: (number);
  'coordinatorVersion'?: (string);
  'protocolVersion'?: (number);
}

export interface Welcome__Output {
  'heartbeatIntervalMs': (number);
  'coordinatorVersion': (string);
  'protocolVersion': (number);
}
