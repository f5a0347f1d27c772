// Original file: proto/fleetsweep/v1/operator.proto


export interface ListHostsRequest {
  'paged'?: (boolean);
  'afterHostId'?: (string);
}

export interface ListHostsRequest__Output {
  'paged': (boolean);
  'afterHostId': (string);
}
