// Original file: proto/fleetsweep/v1/operator.proto


export interface AbandonHostResponse {
  'shardCount'?: (number);
  'cellCount'?: (number);
}

export interface AbandonHostResponse__Output {
  'shardCount': (number);
  'cellCount': (number);
}
