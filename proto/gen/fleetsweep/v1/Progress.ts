// Original file: proto/fleetsweep/v1/agent_link.proto


export interface Progress {
  'grantId'?: (string);
  'sweepId'?: (string);
  'cellId'?: (string);
  'launch'?: (number);
  'phase'?: (string);
  'cellsDone'?: (number);
  'cellsTotal'?: (number);
}

export interface Progress__Output {
  'grantId': (string);
  'sweepId': (string);
  'cellId': (string);
  'launch': (number);
  'phase': (string);
  'cellsDone': (number);
  'cellsTotal': (number);
}
