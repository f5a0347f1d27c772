import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { EnrolRequest as _fleetsweep_v1_EnrolRequest, EnrolRequest__Output as _fleetsweep_v1_EnrolRequest__Output } from './fleetsweep/v1/EnrolRequest.ts';
import type { EnrolResponse as _fleetsweep_v1_EnrolResponse, EnrolResponse__Output as _fleetsweep_v1_EnrolResponse__Output } from './fleetsweep/v1/EnrolResponse.ts';
import type { EnrolmentServiceClient as _fleetsweep_v1_EnrolmentServiceClient, EnrolmentServiceDefinition as _fleetsweep_v1_EnrolmentServiceDefinition } from './fleetsweep/v1/EnrolmentService.ts';
import type { IdentityServiceClient as _fleetsweep_v1_IdentityServiceClient, IdentityServiceDefinition as _fleetsweep_v1_IdentityServiceDefinition } from './fleetsweep/v1/IdentityService.ts';
import type { RenewRequest as _fleetsweep_v1_RenewRequest, RenewRequest__Output as _fleetsweep_v1_RenewRequest__Output } from './fleetsweep/v1/RenewRequest.ts';
import type { RenewResponse as _fleetsweep_v1_RenewResponse, RenewResponse__Output as _fleetsweep_v1_RenewResponse__Output } from './fleetsweep/v1/RenewResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fleetsweep: {
    v1: {
      EnrolRequest: MessageTypeDefinition<_fleetsweep_v1_EnrolRequest, _fleetsweep_v1_EnrolRequest__Output>
      EnrolResponse: MessageTypeDefinition<_fleetsweep_v1_EnrolResponse, _fleetsweep_v1_EnrolResponse__Output>
      EnrolmentService: SubtypeConstructor<typeof grpc.Client, _fleetsweep_v1_EnrolmentServiceClient> & { service: _fleetsweep_v1_EnrolmentServiceDefinition }
      IdentityService: SubtypeConstructor<typeof grpc.Client, _fleetsweep_v1_IdentityServiceClient> & { service: _fleetsweep_v1_IdentityServiceDefinition }
      RenewRequest: MessageTypeDefinition<_fleetsweep_v1_RenewRequest, _fleetsweep_v1_RenewRequest__Output>
      RenewResponse: MessageTypeDefinition<_fleetsweep_v1_RenewResponse, _fleetsweep_v1_RenewResponse__Output>
    }
  }
}

