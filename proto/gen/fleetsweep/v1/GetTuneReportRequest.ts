// Original file: proto/fleetsweep/v1/operator.proto


export interface GetTuneReportRequest {
  'sweepId'?: (string);
}

export interface GetTuneReportRequest__Output {
  'sweepId': (string);
}
