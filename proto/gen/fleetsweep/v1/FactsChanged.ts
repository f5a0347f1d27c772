// Original file: proto/fleetsweep/v1/agent_link.proto


export interface FactsChanged {
  'topologyJson'?: (string);
}

export interface FactsChanged__Output {
  'topologyJson': (string);
}
