// Original file: proto/fleetsweep/v1/enrolment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnrolRequest as _fleetsweep_v1_EnrolRequest, EnrolRequest__Output as _fleetsweep_v1_EnrolRequest__Output } from '../../fleetsweep/v1/EnrolRequest.ts';
import type { EnrolResponse as _fleetsweep_v1_EnrolResponse, EnrolResponse__Output as _fleetsweep_v1_EnrolResponse__Output } from '../../fleetsweep/v1/EnrolResponse.ts';

export interface EnrolmentServiceClient extends grpc.Client {
  Enrol(argument: _fleetsweep_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _fleetsweep_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _fleetsweep_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _fleetsweep_v1_EnrolRequest, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _fleetsweep_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _fleetsweep_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _fleetsweep_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _fleetsweep_v1_EnrolRequest, callback: grpc.requestCallback<_fleetsweep_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface EnrolmentServiceHandlers extends grpc.UntypedServiceImplementation {
  Enrol: grpc.handleUnaryCall<_fleetsweep_v1_EnrolRequest__Output, _fleetsweep_v1_EnrolResponse>;
  
}

export interface EnrolmentServiceDefinition extends grpc.ServiceDefinition {
  Enrol: MethodDefinition<_fleetsweep_v1_EnrolRequest, _fleetsweep_v1_EnrolResponse, _fleetsweep_v1_EnrolRequest__Output, _fleetsweep_v1_EnrolResponse__Output>
}
