// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Withdraw {
  'grantId'?: (string);
  'reason'?: (string);
  'finishLaunch'?: (boolean);
}

export interface Withdraw__Output {
  'grantId': (string);
  'reason': (string);
  'finishLaunch': (boolean);
}
