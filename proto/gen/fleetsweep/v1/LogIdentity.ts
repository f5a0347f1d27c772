// Original file: proto/fleetsweep/v1/agent_link.proto


export interface LogIdentity {
  'logId'?: (string);
}

export interface LogIdentity__Output {
  'logId': (string);
}
