// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Release {
  'attemptIds'?: (string)[];
}

export interface Release__Output {
  'attemptIds': (string)[];
}
