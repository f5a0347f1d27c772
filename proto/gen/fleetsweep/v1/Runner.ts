// Original file: proto/fleetsweep/v1/types.proto


export interface Runner {
  'name'?: (string);
  'declarationJson'?: (string);
}

export interface Runner__Output {
  'name': (string);
  'declarationJson': (string);
}
