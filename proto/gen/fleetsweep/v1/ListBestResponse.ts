// Original file: proto/fleetsweep/v1/operator.proto


export interface ListBestResponse {
  'bestJson'?: (string);
}

export interface ListBestResponse__Output {
  'bestJson': (string);
}
