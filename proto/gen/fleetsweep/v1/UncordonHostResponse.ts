// Original file: proto/fleetsweep/v1/operator.proto


export interface UncordonHostResponse {
}

export interface UncordonHostResponse__Output {
}
