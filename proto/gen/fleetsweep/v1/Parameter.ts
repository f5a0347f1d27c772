// Original file: proto/fleetsweep/v1/types.proto


export interface Parameter {
  'name'?: (string);
  'text'?: (string);
  'number'?: (number | string);
  'flag'?: (boolean);
  'value'?: "text"|"number"|"flag";
}

export interface Parameter__Output {
  'name': (string);
  'text'?: (string);
  'number'?: (number);
  'flag'?: (boolean);
  'value'?: "text"|"number"|"flag";
}
