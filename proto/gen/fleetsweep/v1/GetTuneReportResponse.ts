// Original file: proto/fleetsweep/v1/operator.proto


export interface GetTuneReportResponse {
  'jsonPart'?: (string);
}

export interface GetTuneReportResponse__Output {
  'jsonPart': (string);
}
