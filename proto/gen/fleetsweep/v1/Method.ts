// Original file: proto/fleetsweep/v1/types.proto


export interface Method {
  'precision'?: (string);
  'targetHalfWidth'?: (number | string);
  'minLaunches'?: (number);
  'maxLaunches'?: (number);
  'minCalls'?: (number);
  'minSeconds'?: (number | string);
  'maxSeconds'?: (number | string);
  'warmupMaxSeconds'?: (number | string);
  'maxCalls'?: (number);
  'isolation'?: (string);
  'seed'?: (number);
  'launchTimeoutSeconds'?: (number | string);
  'noise'?: (string);
  'inSequence'?: (boolean);
  'maxCellSeconds'?: (number | string);
  'maxSweepSeconds'?: (number | string);
}

export interface Method__Output {
  'precision': (string);
  'targetHalfWidth': (number);
  'minLaunches': (number);
  'maxLaunches': (number);
  'minCalls': (number);
  'minSeconds': (number);
  'maxSeconds': (number);
  'warmupMaxSeconds': (number);
  'maxCalls': (number);
  'isolation': (string);
  'seed': (number);
  'launchTimeoutSeconds': (number);
  'noise': (string);
  'inSequence': (boolean);
  'maxCellSeconds': (number);
  'maxSweepSeconds': (number);
}
