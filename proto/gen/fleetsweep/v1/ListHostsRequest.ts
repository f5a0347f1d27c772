// Original file: proto/fleetsweep/v1/operator.proto


export interface ListHostsRequest {
}

export interface ListHostsRequest__Output {
}
