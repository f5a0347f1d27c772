// Original file: proto/fleetsweep/v1/operator.proto


export interface ExportTableRequest {
  'sweepId'?: (string);
  'table'?: (string);
  'format'?: (string);
}

export interface ExportTableRequest__Output {
  'sweepId': (string);
  'table': (string);
  'format': (string);
}
