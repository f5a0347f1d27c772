// Original file: proto/fleetsweep/v1/agent_link.proto


export interface CountedLaunch {
  'cellId'?: (string);
  'launch'?: (number);
  'medianNs'?: (number | string);
  'terminal'?: (boolean);
  'invalid'?: (boolean);
  'elapsedMs'?: (number | string);
  'failure'?: (string);
}

export interface CountedLaunch__Output {
  'cellId': (string);
  'launch': (number);
  'medianNs': (number);
  'terminal': (boolean);
  'invalid': (boolean);
  'elapsedMs': (number);
  'failure': (string);
}
