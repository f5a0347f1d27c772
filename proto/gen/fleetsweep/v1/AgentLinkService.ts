// Original file: proto/fleetsweep/v1/agent_link.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AttachRequest as _fleetsweep_v1_AttachRequest, AttachRequest__Output as _fleetsweep_v1_AttachRequest__Output } from '../../fleetsweep/v1/AttachRequest.ts';
import type { AttachResponse as _fleetsweep_v1_AttachResponse, AttachResponse__Output as _fleetsweep_v1_AttachResponse__Output } from '../../fleetsweep/v1/AttachResponse.ts';

export interface AgentLinkServiceClient extends grpc.Client {
  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fleetsweep_v1_AttachRequest, _fleetsweep_v1_AttachResponse__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fleetsweep_v1_AttachRequest, _fleetsweep_v1_AttachResponse__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fleetsweep_v1_AttachRequest, _fleetsweep_v1_AttachResponse__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fleetsweep_v1_AttachRequest, _fleetsweep_v1_AttachResponse__Output>;
  
}

export interface AgentLinkServiceHandlers extends grpc.UntypedServiceImplementation {
  Attach: grpc.handleBidiStreamingCall<_fleetsweep_v1_AttachRequest__Output, _fleetsweep_v1_AttachResponse>;
  
}

export interface AgentLinkServiceDefinition extends grpc.ServiceDefinition {
  Attach: MethodDefinition<_fleetsweep_v1_AttachRequest, _fleetsweep_v1_AttachResponse, _fleetsweep_v1_AttachRequest__Output, _fleetsweep_v1_AttachResponse__Output>
}
