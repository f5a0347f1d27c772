// Original file: proto/fleetsweep/v1/enrolment.proto


export interface RenewRequest {
  'certificateRequest'?: (string);
}

export interface RenewRequest__Output {
  'certificateRequest': (string);
}
