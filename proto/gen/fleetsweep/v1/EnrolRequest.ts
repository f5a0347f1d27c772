// Original file: proto/fleetsweep/v1/enrolment.proto


export interface EnrolRequest {
  'token'?: (string);
  'hostId'?: (string);
  'certificateRequest'?: (string);
}

export interface EnrolRequest__Output {
  'token': (string);
  'hostId': (string);
  'certificateRequest': (string);
}
