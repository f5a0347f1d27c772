// Original file: proto/fleetsweep/v1/operator.proto


export interface CancelSweepResponse {
}

export interface CancelSweepResponse__Output {
}
