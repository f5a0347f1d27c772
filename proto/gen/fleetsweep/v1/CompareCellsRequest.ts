// Original file: proto/fleetsweep/v1/operator.proto


export interface CompareCellsRequest {
  'a'?: (string);
  'b'?: (string);
  'objective'?: (string);
  'margin'?: (number | string);
}

export interface CompareCellsRequest__Output {
  'a': (string);
  'b': (string);
  'objective': (string);
  'margin': (number);
}
