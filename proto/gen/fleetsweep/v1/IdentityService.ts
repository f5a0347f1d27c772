// Original file: proto/fleetsweep/v1/enrolment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { RenewRequest as _fleetsweep_v1_RenewRequest, RenewRequest__Output as _fleetsweep_v1_RenewRequest__Output } from '../../fleetsweep/v1/RenewRequest.ts';
import type { RenewResponse as _fleetsweep_v1_RenewResponse, RenewResponse__Output as _fleetsweep_v1_RenewResponse__Output } from '../../fleetsweep/v1/RenewResponse.ts';

export interface IdentityServiceClient extends grpc.Client {
  Renew(argument: _fleetsweep_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _fleetsweep_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _fleetsweep_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _fleetsweep_v1_RenewRequest, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _fleetsweep_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _fleetsweep_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _fleetsweep_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _fleetsweep_v1_RenewRequest, callback: grpc.requestCallback<_fleetsweep_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface IdentityServiceHandlers extends grpc.UntypedServiceImplementation {
  Renew: grpc.handleUnaryCall<_fleetsweep_v1_RenewRequest__Output, _fleetsweep_v1_RenewResponse>;
  
}

export interface IdentityServiceDefinition extends grpc.ServiceDefinition {
  Renew: MethodDefinition<_fleetsweep_v1_RenewRequest, _fleetsweep_v1_RenewResponse, _fleetsweep_v1_RenewRequest__Output, _fleetsweep_v1_RenewResponse__Output>
}
