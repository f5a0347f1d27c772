// Original file: proto/fleetsweep/v1/operator.proto


export interface PlanSweepResponse {
  'planJson'?: (string);
}

export interface PlanSweepResponse__Output {
  'planJson': (string);
}
