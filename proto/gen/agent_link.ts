import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Accept as _fleetsweep_v1_Accept, Accept__Output as _fleetsweep_v1_Accept__Output } from './fleetsweep/v1/Accept.ts';
import type { AgentLinkServiceClient as _fleetsweep_v1_AgentLinkServiceClient, AgentLinkServiceDefinition as _fleetsweep_v1_AgentLinkServiceDefinition } from './fleetsweep/v1/AgentLinkService.ts';
import type { Assign as _fleetsweep_v1_Assign, Assign__Output as _fleetsweep_v1_Assign__Output } from './fleetsweep/v1/Assign.ts';
import type { AttachRequest as _fleetsweep_v1_AttachRequest, AttachRequest__Output as _fleetsweep_v1_AttachRequest__Output } from './fleetsweep/v1/AttachRequest.ts';
import type { AttachResponse as _fleetsweep_v1_AttachResponse, AttachResponse__Output as _fleetsweep_v1_AttachResponse__Output } from './fleetsweep/v1/AttachResponse.ts';
import type { Cell as _fleetsweep_v1_Cell, Cell__Output as _fleetsweep_v1_Cell__Output } from './fleetsweep/v1/Cell.ts';
import type { CountedLaunch as _fleetsweep_v1_CountedLaunch, CountedLaunch__Output as _fleetsweep_v1_CountedLaunch__Output } from './fleetsweep/v1/CountedLaunch.ts';
import type { FactsChanged as _fleetsweep_v1_FactsChanged, FactsChanged__Output as _fleetsweep_v1_FactsChanged__Output } from './fleetsweep/v1/FactsChanged.ts';
import type { Heartbeat as _fleetsweep_v1_Heartbeat, Heartbeat__Output as _fleetsweep_v1_Heartbeat__Output } from './fleetsweep/v1/Heartbeat.ts';
import type { Hello as _fleetsweep_v1_Hello, Hello__Output as _fleetsweep_v1_Hello__Output } from './fleetsweep/v1/Hello.ts';
import type { LogIdentity as _fleetsweep_v1_LogIdentity, LogIdentity__Output as _fleetsweep_v1_LogIdentity__Output } from './fleetsweep/v1/LogIdentity.ts';
import type { Method as _fleetsweep_v1_Method, Method__Output as _fleetsweep_v1_Method__Output } from './fleetsweep/v1/Method.ts';
import type { Parameter as _fleetsweep_v1_Parameter, Parameter__Output as _fleetsweep_v1_Parameter__Output } from './fleetsweep/v1/Parameter.ts';
import type { Progress as _fleetsweep_v1_Progress, Progress__Output as _fleetsweep_v1_Progress__Output } from './fleetsweep/v1/Progress.ts';
import type { Refuse as _fleetsweep_v1_Refuse, Refuse__Output as _fleetsweep_v1_Refuse__Output } from './fleetsweep/v1/Refuse.ts';
import type { Release as _fleetsweep_v1_Release, Release__Output as _fleetsweep_v1_Release__Output } from './fleetsweep/v1/Release.ts';
import type { Runner as _fleetsweep_v1_Runner, Runner__Output as _fleetsweep_v1_Runner__Output } from './fleetsweep/v1/Runner.ts';
import type { SpooledShard as _fleetsweep_v1_SpooledShard, SpooledShard__Output as _fleetsweep_v1_SpooledShard__Output } from './fleetsweep/v1/SpooledShard.ts';
import type { Welcome as _fleetsweep_v1_Welcome, Welcome__Output as _fleetsweep_v1_Welcome__Output } from './fleetsweep/v1/Welcome.ts';
import type { Withdraw as _fleetsweep_v1_Withdraw, Withdraw__Output as _fleetsweep_v1_Withdraw__Output } from './fleetsweep/v1/Withdraw.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fleetsweep: {
    v1: {
      Accept: MessageTypeDefinition<_fleetsweep_v1_Accept, _fleetsweep_v1_Accept__Output>
      AgentLinkService: SubtypeConstructor<typeof grpc.Client, _fleetsweep_v1_AgentLinkServiceClient> & { service: _fleetsweep_v1_AgentLinkServiceDefinition }
      Assign: MessageTypeDefinition<_fleetsweep_v1_Assign, _fleetsweep_v1_Assign__Output>
      AttachRequest: MessageTypeDefinition<_fleetsweep_v1_AttachRequest, _fleetsweep_v1_AttachRequest__Output>
      AttachResponse: MessageTypeDefinition<_fleetsweep_v1_AttachResponse, _fleetsweep_v1_AttachResponse__Output>
      Cell: MessageTypeDefinition<_fleetsweep_v1_Cell, _fleetsweep_v1_Cell__Output>
      CountedLaunch: MessageTypeDefinition<_fleetsweep_v1_CountedLaunch, _fleetsweep_v1_CountedLaunch__Output>
      FactsChanged: MessageTypeDefinition<_fleetsweep_v1_FactsChanged, _fleetsweep_v1_FactsChanged__Output>
      Heartbeat: MessageTypeDefinition<_fleetsweep_v1_Heartbeat, _fleetsweep_v1_Heartbeat__Output>
      Hello: MessageTypeDefinition<_fleetsweep_v1_Hello, _fleetsweep_v1_Hello__Output>
      LogIdentity: MessageTypeDefinition<_fleetsweep_v1_LogIdentity, _fleetsweep_v1_LogIdentity__Output>
      Method: MessageTypeDefinition<_fleetsweep_v1_Method, _fleetsweep_v1_Method__Output>
      Parameter: MessageTypeDefinition<_fleetsweep_v1_Parameter, _fleetsweep_v1_Parameter__Output>
      Progress: MessageTypeDefinition<_fleetsweep_v1_Progress, _fleetsweep_v1_Progress__Output>
      Refuse: MessageTypeDefinition<_fleetsweep_v1_Refuse, _fleetsweep_v1_Refuse__Output>
      Release: MessageTypeDefinition<_fleetsweep_v1_Release, _fleetsweep_v1_Release__Output>
      Runner: MessageTypeDefinition<_fleetsweep_v1_Runner, _fleetsweep_v1_Runner__Output>
      SpooledShard: MessageTypeDefinition<_fleetsweep_v1_SpooledShard, _fleetsweep_v1_SpooledShard__Output>
      Welcome: MessageTypeDefinition<_fleetsweep_v1_Welcome, _fleetsweep_v1_Welcome__Output>
      Withdraw: MessageTypeDefinition<_fleetsweep_v1_Withdraw, _fleetsweep_v1_Withdraw__Output>
    }
  }
}

