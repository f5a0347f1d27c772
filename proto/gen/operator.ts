import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AbandonHostRequest as _fleetsweep_v1_AbandonHostRequest, AbandonHostRequest__Output as _fleetsweep_v1_AbandonHostRequest__Output } from './fleetsweep/v1/AbandonHostRequest.ts';
import type { AbandonHostResponse as _fleetsweep_v1_AbandonHostResponse, AbandonHostResponse__Output as _fleetsweep_v1_AbandonHostResponse__Output } from './fleetsweep/v1/AbandonHostResponse.ts';
import type { AddSchedule as _fleetsweep_v1_AddSchedule, AddSchedule__Output as _fleetsweep_v1_AddSchedule__Output } from './fleetsweep/v1/AddSchedule.ts';
import type { CancelSweepRequest as _fleetsweep_v1_CancelSweepRequest, CancelSweepRequest__Output as _fleetsweep_v1_CancelSweepRequest__Output } from './fleetsweep/v1/CancelSweepRequest.ts';
import type { CancelSweepResponse as _fleetsweep_v1_CancelSweepResponse, CancelSweepResponse__Output as _fleetsweep_v1_CancelSweepResponse__Output } from './fleetsweep/v1/CancelSweepResponse.ts';
import type { Cell as _fleetsweep_v1_Cell, Cell__Output as _fleetsweep_v1_Cell__Output } from './fleetsweep/v1/Cell.ts';
import type { CellCounts as _fleetsweep_v1_CellCounts, CellCounts__Output as _fleetsweep_v1_CellCounts__Output } from './fleetsweep/v1/CellCounts.ts';
import type { ChangeScheduleRequest as _fleetsweep_v1_ChangeScheduleRequest, ChangeScheduleRequest__Output as _fleetsweep_v1_ChangeScheduleRequest__Output } from './fleetsweep/v1/ChangeScheduleRequest.ts';
import type { ChangeScheduleResponse as _fleetsweep_v1_ChangeScheduleResponse, ChangeScheduleResponse__Output as _fleetsweep_v1_ChangeScheduleResponse__Output } from './fleetsweep/v1/ChangeScheduleResponse.ts';
import type { CompareCellsRequest as _fleetsweep_v1_CompareCellsRequest, CompareCellsRequest__Output as _fleetsweep_v1_CompareCellsRequest__Output } from './fleetsweep/v1/CompareCellsRequest.ts';
import type { CompareCellsResponse as _fleetsweep_v1_CompareCellsResponse, CompareCellsResponse__Output as _fleetsweep_v1_CompareCellsResponse__Output } from './fleetsweep/v1/CompareCellsResponse.ts';
import type { CordonHostRequest as _fleetsweep_v1_CordonHostRequest, CordonHostRequest__Output as _fleetsweep_v1_CordonHostRequest__Output } from './fleetsweep/v1/CordonHostRequest.ts';
import type { CordonHostResponse as _fleetsweep_v1_CordonHostResponse, CordonHostResponse__Output as _fleetsweep_v1_CordonHostResponse__Output } from './fleetsweep/v1/CordonHostResponse.ts';
import type { ExportTableRequest as _fleetsweep_v1_ExportTableRequest, ExportTableRequest__Output as _fleetsweep_v1_ExportTableRequest__Output } from './fleetsweep/v1/ExportTableRequest.ts';
import type { ExportTableResponse as _fleetsweep_v1_ExportTableResponse, ExportTableResponse__Output as _fleetsweep_v1_ExportTableResponse__Output } from './fleetsweep/v1/ExportTableResponse.ts';
import type { GetHistoryRequest as _fleetsweep_v1_GetHistoryRequest, GetHistoryRequest__Output as _fleetsweep_v1_GetHistoryRequest__Output } from './fleetsweep/v1/GetHistoryRequest.ts';
import type { GetHistoryResponse as _fleetsweep_v1_GetHistoryResponse, GetHistoryResponse__Output as _fleetsweep_v1_GetHistoryResponse__Output } from './fleetsweep/v1/GetHistoryResponse.ts';
import type { GetReportRequest as _fleetsweep_v1_GetReportRequest, GetReportRequest__Output as _fleetsweep_v1_GetReportRequest__Output } from './fleetsweep/v1/GetReportRequest.ts';
import type { GetReportResponse as _fleetsweep_v1_GetReportResponse, GetReportResponse__Output as _fleetsweep_v1_GetReportResponse__Output } from './fleetsweep/v1/GetReportResponse.ts';
import type { GetTuneReportRequest as _fleetsweep_v1_GetTuneReportRequest, GetTuneReportRequest__Output as _fleetsweep_v1_GetTuneReportRequest__Output } from './fleetsweep/v1/GetTuneReportRequest.ts';
import type { GetTuneReportResponse as _fleetsweep_v1_GetTuneReportResponse, GetTuneReportResponse__Output as _fleetsweep_v1_GetTuneReportResponse__Output } from './fleetsweep/v1/GetTuneReportResponse.ts';
import type { Host as _fleetsweep_v1_Host, Host__Output as _fleetsweep_v1_Host__Output } from './fleetsweep/v1/Host.ts';
import type { HostProgress as _fleetsweep_v1_HostProgress, HostProgress__Output as _fleetsweep_v1_HostProgress__Output } from './fleetsweep/v1/HostProgress.ts';
import type { ListBestRequest as _fleetsweep_v1_ListBestRequest, ListBestRequest__Output as _fleetsweep_v1_ListBestRequest__Output } from './fleetsweep/v1/ListBestRequest.ts';
import type { ListBestResponse as _fleetsweep_v1_ListBestResponse, ListBestResponse__Output as _fleetsweep_v1_ListBestResponse__Output } from './fleetsweep/v1/ListBestResponse.ts';
import type { ListHostsRequest as _fleetsweep_v1_ListHostsRequest, ListHostsRequest__Output as _fleetsweep_v1_ListHostsRequest__Output } from './fleetsweep/v1/ListHostsRequest.ts';
import type { ListHostsResponse as _fleetsweep_v1_ListHostsResponse, ListHostsResponse__Output as _fleetsweep_v1_ListHostsResponse__Output } from './fleetsweep/v1/ListHostsResponse.ts';
import type { ListSchedulesRequest as _fleetsweep_v1_ListSchedulesRequest, ListSchedulesRequest__Output as _fleetsweep_v1_ListSchedulesRequest__Output } from './fleetsweep/v1/ListSchedulesRequest.ts';
import type { ListSchedulesResponse as _fleetsweep_v1_ListSchedulesResponse, ListSchedulesResponse__Output as _fleetsweep_v1_ListSchedulesResponse__Output } from './fleetsweep/v1/ListSchedulesResponse.ts';
import type { ListSweepsRequest as _fleetsweep_v1_ListSweepsRequest, ListSweepsRequest__Output as _fleetsweep_v1_ListSweepsRequest__Output } from './fleetsweep/v1/ListSweepsRequest.ts';
import type { ListSweepsResponse as _fleetsweep_v1_ListSweepsResponse, ListSweepsResponse__Output as _fleetsweep_v1_ListSweepsResponse__Output } from './fleetsweep/v1/ListSweepsResponse.ts';
import type { Method as _fleetsweep_v1_Method, Method__Output as _fleetsweep_v1_Method__Output } from './fleetsweep/v1/Method.ts';
import type { OperatorServiceClient as _fleetsweep_v1_OperatorServiceClient, OperatorServiceDefinition as _fleetsweep_v1_OperatorServiceDefinition } from './fleetsweep/v1/OperatorService.ts';
import type { Parameter as _fleetsweep_v1_Parameter, Parameter__Output as _fleetsweep_v1_Parameter__Output } from './fleetsweep/v1/Parameter.ts';
import type { PauseSchedule as _fleetsweep_v1_PauseSchedule, PauseSchedule__Output as _fleetsweep_v1_PauseSchedule__Output } from './fleetsweep/v1/PauseSchedule.ts';
import type { PinBaseline as _fleetsweep_v1_PinBaseline, PinBaseline__Output as _fleetsweep_v1_PinBaseline__Output } from './fleetsweep/v1/PinBaseline.ts';
import type { QueryProjectionRequest as _fleetsweep_v1_QueryProjectionRequest, QueryProjectionRequest__Output as _fleetsweep_v1_QueryProjectionRequest__Output } from './fleetsweep/v1/QueryProjectionRequest.ts';
import type { QueryProjectionResponse as _fleetsweep_v1_QueryProjectionResponse, QueryProjectionResponse__Output as _fleetsweep_v1_QueryProjectionResponse__Output } from './fleetsweep/v1/QueryProjectionResponse.ts';
import type { RecommendRequest as _fleetsweep_v1_RecommendRequest, RecommendRequest__Output as _fleetsweep_v1_RecommendRequest__Output } from './fleetsweep/v1/RecommendRequest.ts';
import type { RecommendResponse as _fleetsweep_v1_RecommendResponse, RecommendResponse__Output as _fleetsweep_v1_RecommendResponse__Output } from './fleetsweep/v1/RecommendResponse.ts';
import type { RemoveSchedule as _fleetsweep_v1_RemoveSchedule, RemoveSchedule__Output as _fleetsweep_v1_RemoveSchedule__Output } from './fleetsweep/v1/RemoveSchedule.ts';
import type { ResumeSchedule as _fleetsweep_v1_ResumeSchedule, ResumeSchedule__Output as _fleetsweep_v1_ResumeSchedule__Output } from './fleetsweep/v1/ResumeSchedule.ts';
import type { RunScheduleNow as _fleetsweep_v1_RunScheduleNow, RunScheduleNow__Output as _fleetsweep_v1_RunScheduleNow__Output } from './fleetsweep/v1/RunScheduleNow.ts';
import type { Runner as _fleetsweep_v1_Runner, Runner__Output as _fleetsweep_v1_Runner__Output } from './fleetsweep/v1/Runner.ts';
import type { SubmitSweepRequest as _fleetsweep_v1_SubmitSweepRequest, SubmitSweepRequest__Output as _fleetsweep_v1_SubmitSweepRequest__Output } from './fleetsweep/v1/SubmitSweepRequest.ts';
import type { SubmitSweepResponse as _fleetsweep_v1_SubmitSweepResponse, SubmitSweepResponse__Output as _fleetsweep_v1_SubmitSweepResponse__Output } from './fleetsweep/v1/SubmitSweepResponse.ts';
import type { SubmitTuneRequest as _fleetsweep_v1_SubmitTuneRequest, SubmitTuneRequest__Output as _fleetsweep_v1_SubmitTuneRequest__Output } from './fleetsweep/v1/SubmitTuneRequest.ts';
import type { SubmitTuneResponse as _fleetsweep_v1_SubmitTuneResponse, SubmitTuneResponse__Output as _fleetsweep_v1_SubmitTuneResponse__Output } from './fleetsweep/v1/SubmitTuneResponse.ts';
import type { SweepSummary as _fleetsweep_v1_SweepSummary, SweepSummary__Output as _fleetsweep_v1_SweepSummary__Output } from './fleetsweep/v1/SweepSummary.ts';
import type { UncordonHostRequest as _fleetsweep_v1_UncordonHostRequest, UncordonHostRequest__Output as _fleetsweep_v1_UncordonHostRequest__Output } from './fleetsweep/v1/UncordonHostRequest.ts';
import type { UncordonHostResponse as _fleetsweep_v1_UncordonHostResponse, UncordonHostResponse__Output as _fleetsweep_v1_UncordonHostResponse__Output } from './fleetsweep/v1/UncordonHostResponse.ts';
import type { WatchSweepRequest as _fleetsweep_v1_WatchSweepRequest, WatchSweepRequest__Output as _fleetsweep_v1_WatchSweepRequest__Output } from './fleetsweep/v1/WatchSweepRequest.ts';
import type { WatchSweepResponse as _fleetsweep_v1_WatchSweepResponse, WatchSweepResponse__Output as _fleetsweep_v1_WatchSweepResponse__Output } from './fleetsweep/v1/WatchSweepResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fleetsweep: {
    v1: {
      AbandonHostRequest: MessageTypeDefinition<_fleetsweep_v1_AbandonHostRequest, _fleetsweep_v1_AbandonHostRequest__Output>
      AbandonHostResponse: MessageTypeDefinition<_fleetsweep_v1_AbandonHostResponse, _fleetsweep_v1_AbandonHostResponse__Output>
      AddSchedule: MessageTypeDefinition<_fleetsweep_v1_AddSchedule, _fleetsweep_v1_AddSchedule__Output>
      CancelSweepRequest: MessageTypeDefinition<_fleetsweep_v1_CancelSweepRequest, _fleetsweep_v1_CancelSweepRequest__Output>
      CancelSweepResponse: MessageTypeDefinition<_fleetsweep_v1_CancelSweepResponse, _fleetsweep_v1_CancelSweepResponse__Output>
      Cell: MessageTypeDefinition<_fleetsweep_v1_Cell, _fleetsweep_v1_Cell__Output>
      CellCounts: MessageTypeDefinition<_fleetsweep_v1_CellCounts, _fleetsweep_v1_CellCounts__Output>
      ChangeScheduleRequest: MessageTypeDefinition<_fleetsweep_v1_ChangeScheduleRequest, _fleetsweep_v1_ChangeScheduleRequest__Output>
      ChangeScheduleResponse: MessageTypeDefinition<_fleetsweep_v1_ChangeScheduleResponse, _fleetsweep_v1_ChangeScheduleResponse__Output>
      CompareCellsRequest: MessageTypeDefinition<_fleetsweep_v1_CompareCellsRequest, _fleetsweep_v1_CompareCellsRequest__Output>
      CompareCellsResponse: MessageTypeDefinition<_fleetsweep_v1_CompareCellsResponse, _fleetsweep_v1_CompareCellsResponse__Output>
      CordonHostRequest: MessageTypeDefinition<_fleetsweep_v1_CordonHostRequest, _fleetsweep_v1_CordonHostRequest__Output>
      CordonHostResponse: MessageTypeDefinition<_fleetsweep_v1_CordonHostResponse, _fleetsweep_v1_CordonHostResponse__Output>
      ExportTableRequest: MessageTypeDefinition<_fleetsweep_v1_ExportTableRequest, _fleetsweep_v1_ExportTableRequest__Output>
      ExportTableResponse: MessageTypeDefinition<_fleetsweep_v1_ExportTableResponse, _fleetsweep_v1_ExportTableResponse__Output>
      GetHistoryRequest: MessageTypeDefinition<_fleetsweep_v1_GetHistoryRequest, _fleetsweep_v1_GetHistoryRequest__Output>
      GetHistoryResponse: MessageTypeDefinition<_fleetsweep_v1_GetHistoryResponse, _fleetsweep_v1_GetHistoryResponse__Output>
      GetReportRequest: MessageTypeDefinition<_fleetsweep_v1_GetReportRequest, _fleetsweep_v1_GetReportRequest__Output>
      GetReportResponse: MessageTypeDefinition<_fleetsweep_v1_GetReportResponse, _fleetsweep_v1_GetReportResponse__Output>
      GetTuneReportRequest: MessageTypeDefinition<_fleetsweep_v1_GetTuneReportRequest, _fleetsweep_v1_GetTuneReportRequest__Output>
      GetTuneReportResponse: MessageTypeDefinition<_fleetsweep_v1_GetTuneReportResponse, _fleetsweep_v1_GetTuneReportResponse__Output>
      Host: MessageTypeDefinition<_fleetsweep_v1_Host, _fleetsweep_v1_Host__Output>
      HostProgress: MessageTypeDefinition<_fleetsweep_v1_HostProgress, _fleetsweep_v1_HostProgress__Output>
      ListBestRequest: MessageTypeDefinition<_fleetsweep_v1_ListBestRequest, _fleetsweep_v1_ListBestRequest__Output>
      ListBestResponse: MessageTypeDefinition<_fleetsweep_v1_ListBestResponse, _fleetsweep_v1_ListBestResponse__Output>
      ListHostsRequest: MessageTypeDefinition<_fleetsweep_v1_ListHostsRequest, _fleetsweep_v1_ListHostsRequest__Output>
      ListHostsResponse: MessageTypeDefinition<_fleetsweep_v1_ListHostsResponse, _fleetsweep_v1_ListHostsResponse__Output>
      ListSchedulesRequest: MessageTypeDefinition<_fleetsweep_v1_ListSchedulesRequest, _fleetsweep_v1_ListSchedulesRequest__Output>
      ListSchedulesResponse: MessageTypeDefinition<_fleetsweep_v1_ListSchedulesResponse, _fleetsweep_v1_ListSchedulesResponse__Output>
      ListSweepsRequest: MessageTypeDefinition<_fleetsweep_v1_ListSweepsRequest, _fleetsweep_v1_ListSweepsRequest__Output>
      ListSweepsResponse: MessageTypeDefinition<_fleetsweep_v1_ListSweepsResponse, _fleetsweep_v1_ListSweepsResponse__Output>
      Method: MessageTypeDefinition<_fleetsweep_v1_Method, _fleetsweep_v1_Method__Output>
      OperatorService: SubtypeConstructor<typeof grpc.Client, _fleetsweep_v1_OperatorServiceClient> & { service: _fleetsweep_v1_OperatorServiceDefinition }
      Parameter: MessageTypeDefinition<_fleetsweep_v1_Parameter, _fleetsweep_v1_Parameter__Output>
      PauseSchedule: MessageTypeDefinition<_fleetsweep_v1_PauseSchedule, _fleetsweep_v1_PauseSchedule__Output>
      PinBaseline: MessageTypeDefinition<_fleetsweep_v1_PinBaseline, _fleetsweep_v1_PinBaseline__Output>
      QueryProjectionRequest: MessageTypeDefinition<_fleetsweep_v1_QueryProjectionRequest, _fleetsweep_v1_QueryProjectionRequest__Output>
      QueryProjectionResponse: MessageTypeDefinition<_fleetsweep_v1_QueryProjectionResponse, _fleetsweep_v1_QueryProjectionResponse__Output>
      RecommendRequest: MessageTypeDefinition<_fleetsweep_v1_RecommendRequest, _fleetsweep_v1_RecommendRequest__Output>
      RecommendResponse: MessageTypeDefinition<_fleetsweep_v1_RecommendResponse, _fleetsweep_v1_RecommendResponse__Output>
      RemoveSchedule: MessageTypeDefinition<_fleetsweep_v1_RemoveSchedule, _fleetsweep_v1_RemoveSchedule__Output>
      ResumeSchedule: MessageTypeDefinition<_fleetsweep_v1_ResumeSchedule, _fleetsweep_v1_ResumeSchedule__Output>
      RunScheduleNow: MessageTypeDefinition<_fleetsweep_v1_RunScheduleNow, _fleetsweep_v1_RunScheduleNow__Output>
      Runner: MessageTypeDefinition<_fleetsweep_v1_Runner, _fleetsweep_v1_Runner__Output>
      SubmitSweepRequest: MessageTypeDefinition<_fleetsweep_v1_SubmitSweepRequest, _fleetsweep_v1_SubmitSweepRequest__Output>
      SubmitSweepResponse: MessageTypeDefinition<_fleetsweep_v1_SubmitSweepResponse, _fleetsweep_v1_SubmitSweepResponse__Output>
      SubmitTuneRequest: MessageTypeDefinition<_fleetsweep_v1_SubmitTuneRequest, _fleetsweep_v1_SubmitTuneRequest__Output>
      SubmitTuneResponse: MessageTypeDefinition<_fleetsweep_v1_SubmitTuneResponse, _fleetsweep_v1_SubmitTuneResponse__Output>
      SweepSummary: MessageTypeDefinition<_fleetsweep_v1_SweepSummary, _fleetsweep_v1_SweepSummary__Output>
      UncordonHostRequest: MessageTypeDefinition<_fleetsweep_v1_UncordonHostRequest, _fleetsweep_v1_UncordonHostRequest__Output>
      UncordonHostResponse: MessageTypeDefinition<_fleetsweep_v1_UncordonHostResponse, _fleetsweep_v1_UncordonHostResponse__Output>
      WatchSweepRequest: MessageTypeDefinition<_fleetsweep_v1_WatchSweepRequest, _fleetsweep_v1_WatchSweepRequest__Output>
      WatchSweepResponse: MessageTypeDefinition<_fleetsweep_v1_WatchSweepResponse, _fleetsweep_v1_WatchSweepResponse__Output>
    }
  }
}

