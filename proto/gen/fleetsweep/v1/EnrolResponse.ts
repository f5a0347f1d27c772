// Original file: proto/fleetsweep/v1/enrolment.proto


export interface EnrolResponse {
  'certificate'?: (string);
}

export interface EnrolResponse__Output {
  'certificate': (string);
}
