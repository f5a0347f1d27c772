// Original file: proto/fleetsweep/v1/operator.proto


export interface HostProgress {
  'hostId'?: (string);
  'connected'?: (boolean);
  'cell'?: (string);
  'launch'?: (number);
  'phase'?: (string);
  'cellsDone'?: (number);
  'cellsTotal'?: (number);
  'launchesDone'?: (number);
  'launchesNeeded'?: (number);
  'state'?: (string);
  'failedLaunches'?: (number);
  'spoolDepth'?: (number);
}

export interface HostProgress__Output {
  'hostId': (string);
  'connected': (boolean);
  'cell': (string);
  'launch': (number);
  'phase': (string);
  'cellsDone': (number);
  'cellsTotal': (number);
  'launchesDone': (number);
  'launchesNeeded': (number);
  'state': (string);
  'failedLaunches': (number);
  'spoolDepth': (number);
}
