// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Refuse {
  'grantId'?: (string);
  'code'?: (string);
  'reason'?: (string);
}

export interface Refuse__Output {
  'grantId': (string);
  'code': (string);
  'reason': (string);
}
