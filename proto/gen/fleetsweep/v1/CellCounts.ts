// Original file: proto/fleetsweep/v1/operator.proto


export interface CellCounts {
  'total'?: (number);
  'ok'?: (number);
  'failed'?: (number);
  'running'?: (number);
  'quarantined'?: (number);
}

export interface CellCounts__Output {
  'total': (number);
  'ok': (number);
  'failed': (number);
  'running': (number);
  'quarantined': (number);
}
