// Original file: proto/fleetsweep/v1/operator.proto


export interface ListSweepsRequest {
}

export interface ListSweepsRequest__Output {
}
