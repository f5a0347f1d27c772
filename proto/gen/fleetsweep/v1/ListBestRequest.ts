// Original file: proto/fleetsweep/v1/operator.proto


export interface ListBestRequest {
  'workload'?: ({[key: string]: string});
  'objective'?: (string);
}

export interface ListBestRequest__Output {
  'workload': ({[key: string]: string});
  'objective': (string);
}
