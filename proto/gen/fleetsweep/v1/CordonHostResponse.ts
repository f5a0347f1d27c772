// Original file: proto/fleetsweep/v1/operator.proto


export interface CordonHostResponse {
}

export interface CordonHostResponse__Output {
}
