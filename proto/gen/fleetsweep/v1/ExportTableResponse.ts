// Original file: proto/fleetsweep/v1/operator.proto


export interface ExportTableResponse {
  'data'?: (Buffer | Uint8Array | string);
}

export interface ExportTableResponse__Output {
  'data': (Buffer);
}
