// Original file: proto/fleetsweep/v1/enrolment.proto


export interface RenewResponse {
  'certificate'?: (string);
}

export interface RenewResponse__Output {
  'certificate': (string);
}
