// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Accept {
  'grantId'?: (string);
}

export interface Accept__Output {
  'grantId': (string);
}
