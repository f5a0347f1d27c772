// Original file: proto/fleetsweep/v1/operator.proto


export interface GetReportResponse {
  'headerJson'?: (string);
  'rowsJson'?: (string);
  'part'?: "headerJson"|"rowsJson";
}

export interface GetReportResponse__Output {
  'headerJson'?: (string);
  'rowsJson'?: (string);
  'part'?: "headerJson"|"rowsJson";
}
