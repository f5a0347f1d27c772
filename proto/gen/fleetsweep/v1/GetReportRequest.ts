// Original file: proto/fleetsweep/v1/operator.proto


export interface GetReportRequest {
  'sweepId'?: (string);
  'margin'?: (number | string);
}

export interface GetReportRequest__Output {
  'sweepId': (string);
  'margin': (number);
}
