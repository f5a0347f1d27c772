// Original file: proto/fleetsweep/v1/operator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AbandonHostRequest as _fleetsweep_v1_AbandonHostRequest, AbandonHostRequest__Output as _fleetsweep_v1_AbandonHostRequest__Output } from '../../fleetsweep/v1/AbandonHostRequest.ts';
import type { AbandonHostResponse as _fleetsweep_v1_AbandonHostResponse, AbandonHostResponse__Output as _fleetsweep_v1_AbandonHostResponse__Output } from '../../fleetsweep/v1/AbandonHostResponse.ts';
import type { CancelSweepRequest as _fleetsweep_v1_CancelSweepRequest, CancelSweepRequest__Output as _fleetsweep_v1_CancelSweepRequest__Output } from '../../fleetsweep/v1/CancelSweepRequest.ts';
import type { CancelSweepResponse as _fleetsweep_v1_CancelSweepResponse, CancelSweepResponse__Output as _fleetsweep_v1_CancelSweepResponse__Output } from '../../fleetsweep/v1/CancelSweepResponse.ts';
import type { ChangeScheduleRequest as _fleetsweep_v1_ChangeScheduleRequest, ChangeScheduleRequest__Output as _fleetsweep_v1_ChangeScheduleRequest__Output } from '../../fleetsweep/v1/ChangeScheduleRequest.ts';
import type { ChangeScheduleResponse as _fleetsweep_v1_ChangeScheduleResponse, ChangeScheduleResponse__Output as _fleetsweep_v1_ChangeScheduleResponse__Output } from '../../fleetsweep/v1/ChangeScheduleResponse.ts';
import type { CompareCellsRequest as _fleetsweep_v1_CompareCellsRequest, CompareCellsRequest__Output as _fleetsweep_v1_CompareCellsRequest__Output } from '../../fleetsweep/v1/CompareCellsRequest.ts';
import type { CompareCellsResponse as _fleetsweep_v1_CompareCellsResponse, CompareCellsResponse__Output as _fleetsweep_v1_CompareCellsResponse__Output } from '../../fleetsweep/v1/CompareCellsResponse.ts';
import type { CordonHostRequest as _fleetsweep_v1_CordonHostRequest, CordonHostRequest__Output as _fleetsweep_v1_CordonHostRequest__Output } from '../../fleetsweep/v1/CordonHostRequest.ts';
import type { CordonHostResponse as _fleetsweep_v1_CordonHostResponse, CordonHostResponse__Output as _fleetsweep_v1_CordonHostResponse__Output } from '../../fleetsweep/v1/CordonHostResponse.ts';
import type { ExportTableRequest as _fleetsweep_v1_ExportTableRequest, ExportTableRequest__Output as _fleetsweep_v1_ExportTableRequest__Output } from '../../fleetsweep/v1/ExportTableRequest.ts';
import type { ExportTableResponse as _fleetsweep_v1_ExportTableResponse, ExportTableResponse__Output as _fleetsweep_v1_ExportTableResponse__Output } from '../../fleetsweep/v1/ExportTableResponse.ts';
import type { GetHistoryRequest as _fleetsweep_v1_GetHistoryRequest, GetHistoryRequest__Output as _fleetsweep_v1_GetHistoryRequest__Output } from '../../fleetsweep/v1/GetHistoryRequest.ts';
import type { GetHistoryResponse as _fleetsweep_v1_GetHistoryResponse, GetHistoryResponse__Output as _fleetsweep_v1_GetHistoryResponse__Output } from '../../fleetsweep/v1/GetHistoryResponse.ts';
import type { GetReportRequest as _fleetsweep_v1_GetReportRequest, GetReportRequest__Output as _fleetsweep_v1_GetReportRequest__Output } from '../../fleetsweep/v1/GetReportRequest.ts';
import type { GetReportResponse as _fleetsweep_v1_GetReportResponse, GetReportResponse__Output as _fleetsweep_v1_GetReportResponse__Output } from '../../fleetsweep/v1/GetReportResponse.ts';
import type { GetTuneReportRequest as _fleetsweep_v1_GetTuneReportRequest, GetTuneReportRequest__Output as _fleetsweep_v1_GetTuneReportRequest__Output } from '../../fleetsweep/v1/GetTuneReportRequest.ts';
import type { GetTuneReportResponse as _fleetsweep_v1_GetTuneReportResponse, GetTuneReportResponse__Output as _fleetsweep_v1_GetTuneReportResponse__Output } from '../../fleetsweep/v1/GetTuneReportResponse.ts';
import type { ListBestRequest as _fleetsweep_v1_ListBestRequest, ListBestRequest__Output as _fleetsweep_v1_ListBestRequest__Output } from '../../fleetsweep/v1/ListBestRequest.ts';
import type { ListBestResponse as _fleetsweep_v1_ListBestResponse, ListBestResponse__Output as _fleetsweep_v1_ListBestResponse__Output } from '../../fleetsweep/v1/ListBestResponse.ts';
import type { ListHostsRequest as _fleetsweep_v1_ListHostsRequest, ListHostsRequest__Output as _fleetsweep_v1_ListHostsRequest__Output } from '../../fleetsweep/v1/ListHostsRequest.ts';
import type { ListHostsResponse as _fleetsweep_v1_ListHostsResponse, ListHostsResponse__Output as _fleetsweep_v1_ListHostsResponse__Output } from '../../fleetsweep/v1/ListHostsResponse.ts';
import type { ListSchedulesRequest as _fleetsweep_v1_ListSchedulesRequest, ListSchedulesRequest__Output as _fleetsweep_v1_ListSchedulesRequest__Output } from '../../fleetsweep/v1/ListSchedulesRequest.ts';
import type { ListSchedulesResponse as _fleetsweep_v1_ListSchedulesResponse, ListSchedulesResponse__Output as _fleetsweep_v1_ListSchedulesResponse__Output } from '../../fleetsweep/v1/ListSchedulesResponse.ts';
import type { ListSweepsRequest as _fleetsweep_v1_ListSweepsRequest, ListSweepsRequest__Output as _fleetsweep_v1_ListSweepsRequest__Output } from '../../fleetsweep/v1/ListSweepsRequest.ts';
import type { ListSweepsResponse as _fleetsweep_v1_ListSweepsResponse, ListSweepsResponse__Output as _fleetsweep_v1_ListSweepsResponse__Output } from '../../fleetsweep/v1/ListSweepsResponse.ts';
import type { QueryProjectionRequest as _fleetsweep_v1_QueryProjectionRequest, QueryProjectionRequest__Output as _fleetsweep_v1_QueryProjectionRequest__Output } from '../../fleetsweep/v1/QueryProjectionRequest.ts';
import type { QueryProjectionResponse as _fleetsweep_v1_QueryProjectionResponse, QueryProjectionResponse__Output as _fleetsweep_v1_QueryProjectionResponse__Output } from '../../fleetsweep/v1/QueryProjectionResponse.ts';
import type { RecommendRequest as _fleetsweep_v1_RecommendRequest, RecommendRequest__Output as _fleetsweep_v1_RecommendRequest__Output } from '../../fleetsweep/v1/RecommendRequest.ts';
import type { RecommendResponse as _fleetsweep_v1_RecommendResponse, RecommendResponse__Output as _fleetsweep_v1_RecommendResponse__Output } from '../../fleetsweep/v1/RecommendResponse.ts';
import type { SubmitSweepRequest as _fleetsweep_v1_SubmitSweepRequest, SubmitSweepRequest__Output as _fleetsweep_v1_SubmitSweepRequest__Output } from '../../fleetsweep/v1/SubmitSweepRequest.ts';
import type { SubmitSweepResponse as _fleetsweep_v1_SubmitSweepResponse, SubmitSweepResponse__Output as _fleetsweep_v1_SubmitSweepResponse__Output } from '../../fleetsweep/v1/SubmitSweepResponse.ts';
import type { SubmitTuneRequest as _fleetsweep_v1_SubmitTuneRequest, SubmitTuneRequest__Output as _fleetsweep_v1_SubmitTuneRequest__Output } from '../../fleetsweep/v1/SubmitTuneRequest.ts';
import type { SubmitTuneResponse as _fleetsweep_v1_SubmitTuneResponse, SubmitTuneResponse__Output as _fleetsweep_v1_SubmitTuneResponse__Output } from '../../fleetsweep/v1/SubmitTuneResponse.ts';
import type { UncordonHostRequest as _fleetsweep_v1_UncordonHostRequest, UncordonHostRequest__Output as _fleetsweep_v1_UncordonHostRequest__Output } from '../../fleetsweep/v1/UncordonHostRequest.ts';
import type { UncordonHostResponse as _fleetsweep_v1_UncordonHostResponse, UncordonHostResponse__Output as _fleetsweep_v1_UncordonHostResponse__Output } from '../../fleetsweep/v1/UncordonHostResponse.ts';
import type { WatchSweepRequest as _fleetsweep_v1_WatchSweepRequest, WatchSweepRequest__Output as _fleetsweep_v1_WatchSweepRequest__Output } from '../../fleetsweep/v1/WatchSweepRequest.ts';
import type { WatchSweepResponse as _fleetsweep_v1_WatchSweepResponse, WatchSweepResponse__Output as _fleetsweep_v1_WatchSweepResponse__Output } from '../../fleetsweep/v1/WatchSweepResponse.ts';

export interface OperatorServiceClient extends grpc.Client {
  AbandonHost(argument: _fleetsweep_v1_AbandonHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  AbandonHost(argument: _fleetsweep_v1_AbandonHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  AbandonHost(argument: _fleetsweep_v1_AbandonHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  AbandonHost(argument: _fleetsweep_v1_AbandonHostRequest, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  abandonHost(argument: _fleetsweep_v1_AbandonHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  abandonHost(argument: _fleetsweep_v1_AbandonHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  abandonHost(argument: _fleetsweep_v1_AbandonHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  abandonHost(argument: _fleetsweep_v1_AbandonHostRequest, callback: grpc.requestCallback<_fleetsweep_v1_AbandonHostResponse__Output>): grpc.ClientUnaryCall;
  
  CancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  CancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  CancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  CancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  cancelSweep(argument: _fleetsweep_v1_CancelSweepRequest, callback: grpc.requestCallback<_fleetsweep_v1_CancelSweepResponse__Output>): grpc.ClientUnaryCall;
  
  ChangeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  ChangeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  ChangeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  ChangeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  changeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  changeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  changeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  changeSchedule(argument: _fleetsweep_v1_ChangeScheduleRequest, callback: grpc.requestCallback<_fleetsweep_v1_ChangeScheduleResponse__Output>): grpc.ClientUnaryCall;
  
  CompareCells(argument: _fleetsweep_v1_CompareCellsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_CompareCellsResponse__Output>;
  CompareCells(argument: _fleetsweep_v1_CompareCellsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_CompareCellsResponse__Output>;
  compareCells(argument: _fleetsweep_v1_CompareCellsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_CompareCellsResponse__Output>;
  compareCells(argument: _fleetsweep_v1_CompareCellsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_CompareCellsResponse__Output>;
  
  CordonHost(argument: _fleetsweep_v1_CordonHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  CordonHost(argument: _fleetsweep_v1_CordonHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  CordonHost(argument: _fleetsweep_v1_CordonHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  CordonHost(argument: _fleetsweep_v1_CordonHostRequest, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  cordonHost(argument: _fleetsweep_v1_CordonHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  cordonHost(argument: _fleetsweep_v1_CordonHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  cordonHost(argument: _fleetsweep_v1_CordonHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  cordonHost(argument: _fleetsweep_v1_CordonHostRequest, callback: grpc.requestCallback<_fleetsweep_v1_CordonHostResponse__Output>): grpc.ClientUnaryCall;
  
  ExportTable(argument: _fleetsweep_v1_ExportTableRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_ExportTableResponse__Output>;
  ExportTable(argument: _fleetsweep_v1_ExportTableRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_ExportTableResponse__Output>;
  exportTable(argument: _fleetsweep_v1_ExportTableRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_ExportTableResponse__Output>;
  exportTable(argument: _fleetsweep_v1_ExportTableRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_ExportTableResponse__Output>;
  
  GetHistory(argument: _fleetsweep_v1_GetHistoryRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetHistoryResponse__Output>;
  GetHistory(argument: _fleetsweep_v1_GetHistoryRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetHistoryResponse__Output>;
  getHistory(argument: _fleetsweep_v1_GetHistoryRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetHistoryResponse__Output>;
  getHistory(argument: _fleetsweep_v1_GetHistoryRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetHistoryResponse__Output>;
  
  GetReport(argument: _fleetsweep_v1_GetReportRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetReportResponse__Output>;
  GetReport(argument: _fleetsweep_v1_GetReportRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetReportResponse__Output>;
  getReport(argument: _fleetsweep_v1_GetReportRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetReportResponse__Output>;
  getReport(argument: _fleetsweep_v1_GetReportRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetReportResponse__Output>;
  
  GetTuneReport(argument: _fleetsweep_v1_GetTuneReportRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetTuneReportResponse__Output>;
  GetTuneReport(argument: _fleetsweep_v1_GetTuneReportRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetTuneReportResponse__Output>;
  getTuneReport(argument: _fleetsweep_v1_GetTuneReportRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetTuneReportResponse__Output>;
  getTuneReport(argument: _fleetsweep_v1_GetTuneReportRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_GetTuneReportResponse__Output>;
  
  ListBest(argument: _fleetsweep_v1_ListBestRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  ListBest(argument: _fleetsweep_v1_ListBestRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  ListBest(argument: _fleetsweep_v1_ListBestRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  ListBest(argument: _fleetsweep_v1_ListBestRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  listBest(argument: _fleetsweep_v1_ListBestRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  listBest(argument: _fleetsweep_v1_ListBestRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  listBest(argument: _fleetsweep_v1_ListBestRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  listBest(argument: _fleetsweep_v1_ListBestRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListBestResponse__Output>): grpc.ClientUnaryCall;
  
  ListHosts(argument: _fleetsweep_v1_ListHostsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _fleetsweep_v1_ListHostsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _fleetsweep_v1_ListHostsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  ListHosts(argument: _fleetsweep_v1_ListHostsRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _fleetsweep_v1_ListHostsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _fleetsweep_v1_ListHostsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _fleetsweep_v1_ListHostsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  listHosts(argument: _fleetsweep_v1_ListHostsRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListHostsResponse__Output>): grpc.ClientUnaryCall;
  
  ListSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  ListSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  ListSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  ListSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  listSchedules(argument: _fleetsweep_v1_ListSchedulesRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListSchedulesResponse__Output>): grpc.ClientUnaryCall;
  
  ListSweeps(argument: _fleetsweep_v1_ListSweepsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  ListSweeps(argument: _fleetsweep_v1_ListSweepsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  ListSweeps(argument: _fleetsweep_v1_ListSweepsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  ListSweeps(argument: _fleetsweep_v1_ListSweepsRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  listSweeps(argument: _fleetsweep_v1_ListSweepsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  listSweeps(argument: _fleetsweep_v1_ListSweepsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  listSweeps(argument: _fleetsweep_v1_ListSweepsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  listSweeps(argument: _fleetsweep_v1_ListSweepsRequest, callback: grpc.requestCallback<_fleetsweep_v1_ListSweepsResponse__Output>): grpc.ClientUnaryCall;
  
  QueryProjection(argument: _fleetsweep_v1_QueryProjectionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_QueryProjectionResponse__Output>;
  QueryProjection(argument: _fleetsweep_v1_QueryProjectionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_QueryProjectionResponse__Output>;
  queryProjection(argument: _fleetsweep_v1_QueryProjectionRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_QueryProjectionResponse__Output>;
  queryProjection(argument: _fleetsweep_v1_QueryProjectionRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_QueryProjectionResponse__Output>;
  
  Recommend(argument: _fleetsweep_v1_RecommendRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_RecommendResponse__Output>;
  Recommend(argument: _fleetsweep_v1_RecommendRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_RecommendResponse__Output>;
  recommend(argument: _fleetsweep_v1_RecommendRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_RecommendResponse__Output>;
  recommend(argument: _fleetsweep_v1_RecommendRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_RecommendResponse__Output>;
  
  SubmitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  SubmitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  SubmitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  SubmitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  submitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  submitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  submitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  submitSweep(argument: _fleetsweep_v1_SubmitSweepRequest, callback: grpc.requestCallback<_fleetsweep_v1_SubmitSweepResponse__Output>): grpc.ClientUnaryCall;
  
  SubmitTune(argument: _fleetsweep_v1_SubmitTuneRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  SubmitTune(argument: _fleetsweep_v1_SubmitTuneRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  SubmitTune(argument: _fleetsweep_v1_SubmitTuneRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  SubmitTune(argument: _fleetsweep_v1_SubmitTuneRequest, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  submitTune(argument: _fleetsweep_v1_SubmitTuneRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  submitTune(argument: _fleetsweep_v1_SubmitTuneRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  submitTune(argument: _fleetsweep_v1_SubmitTuneRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  submitTune(argument: _fleetsweep_v1_SubmitTuneRequest, callback: grpc.requestCallback<_fleetsweep_v1_SubmitTuneResponse__Output>): grpc.ClientUnaryCall;
  
  UncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  UncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  UncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  UncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  uncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  uncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  uncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  uncordonHost(argument: _fleetsweep_v1_UncordonHostRequest, callback: grpc.requestCallback<_fleetsweep_v1_UncordonHostResponse__Output>): grpc.ClientUnaryCall;
  
  WatchSweep(argument: _fleetsweep_v1_WatchSweepRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_WatchSweepResponse__Output>;
  WatchSweep(argument: _fleetsweep_v1_WatchSweepRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_WatchSweepResponse__Output>;
  watchSweep(argument: _fleetsweep_v1_WatchSweepRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_WatchSweepResponse__Output>;
  watchSweep(argument: _fleetsweep_v1_WatchSweepRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fleetsweep_v1_WatchSweepResponse__Output>;
  
}

export interface OperatorServiceHandlers extends grpc.UntypedServiceImplementation {
  AbandonHost: grpc.handleUnaryCall<_fleetsweep_v1_AbandonHostRequest__Output, _fleetsweep_v1_AbandonHostResponse>;
  
  CancelSweep: grpc.handleUnaryCall<_fleetsweep_v1_CancelSweepRequest__Output, _fleetsweep_v1_CancelSweepResponse>;
  
  ChangeSchedule: grpc.handleUnaryCall<_fleetsweep_v1_ChangeScheduleRequest__Output, _fleetsweep_v1_ChangeScheduleResponse>;
  
  CompareCells: grpc.handleServerStreamingCall<_fleetsweep_v1_CompareCellsRequest__Output, _fleetsweep_v1_CompareCellsResponse>;
  
  CordonHost: grpc.handleUnaryCall<_fleetsweep_v1_CordonHostRequest__Output, _fleetsweep_v1_CordonHostResponse>;
  
  ExportTable: grpc.handleServerStreamingCall<_fleetsweep_v1_ExportTableRequest__Output, _fleetsweep_v1_ExportTableResponse>;
  
  GetHistory: grpc.handleServerStreamingCall<_fleetsweep_v1_GetHistoryRequest__Output, _fleetsweep_v1_GetHistoryResponse>;
  
  GetReport: grpc.handleServerStreamingCall<_fleetsweep_v1_GetReportRequest__Output, _fleetsweep_v1_GetReportResponse>;
  
  GetTuneReport: grpc.handleServerStreamingCall<_fleetsweep_v1_GetTuneReportRequest__Output, _fleetsweep_v1_GetTuneReportResponse>;
  
  ListBest: grpc.handleUnaryCall<_fleetsweep_v1_ListBestRequest__Output, _fleetsweep_v1_ListBestResponse>;
  
  ListHosts: grpc.handleUnaryCall<_fleetsweep_v1_ListHostsRequest__Output, _fleetsweep_v1_ListHostsResponse>;
  
  ListSchedules: grpc.handleUnaryCall<_fleetsweep_v1_ListSchedulesRequest__Output, _fleetsweep_v1_ListSchedulesResponse>;
  
  ListSweeps: grpc.handleUnaryCall<_fleetsweep_v1_ListSweepsRequest__Output, _fleetsweep_v1_ListSweepsResponse>;
  
  QueryProjection: grpc.handleServerStreamingCall<_fleetsweep_v1_QueryProjectionRequest__Output, _fleetsweep_v1_QueryProjectionResponse>;
  
  Recommend: grpc.handleServerStreamingCall<_fleetsweep_v1_RecommendRequest__Output, _fleetsweep_v1_RecommendResponse>;
  
  SubmitSweep: grpc.handleUnaryCall<_fleetsweep_v1_SubmitSweepRequest__Output, _fleetsweep_v1_SubmitSweepResponse>;
  
  SubmitTune: grpc.handleUnaryCall<_fleetsweep_v1_SubmitTuneRequest__Output, _fleetsweep_v1_SubmitTuneResponse>;
  
  UncordonHost: grpc.handleUnaryCall<_fleetsweep_v1_UncordonHostRequest__Output, _fleetsweep_v1_UncordonHostResponse>;
  
  WatchSweep: grpc.handleServerStreamingCall<_fleetsweep_v1_WatchSweepRequest__Output, _fleetsweep_v1_WatchSweepResponse>;
  
}

export interface OperatorServiceDefinition extends grpc.ServiceDefinition {
  AbandonHost: MethodDefinition<_fleetsweep_v1_AbandonHostRequest, _fleetsweep_v1_AbandonHostResponse, _fleetsweep_v1_AbandonHostRequest__Output, _fleetsweep_v1_AbandonHostResponse__Output>
  CancelSweep: MethodDefinition<_fleetsweep_v1_CancelSweepRequest, _fleetsweep_v1_CancelSweepResponse, _fleetsweep_v1_CancelSweepRequest__Output, _fleetsweep_v1_CancelSweepResponse__Output>
  ChangeSchedule: MethodDefinition<_fleetsweep_v1_ChangeScheduleRequest, _fleetsweep_v1_ChangeScheduleResponse, _fleetsweep_v1_ChangeScheduleRequest__Output, _fleetsweep_v1_ChangeScheduleResponse__Output>
  CompareCells: MethodDefinition<_fleetsweep_v1_CompareCellsRequest, _fleetsweep_v1_CompareCellsResponse, _fleetsweep_v1_CompareCellsRequest__Output, _fleetsweep_v1_CompareCellsResponse__Output>
  CordonHost: MethodDefinition<_fleetsweep_v1_CordonHostRequest, _fleetsweep_v1_CordonHostResponse, _fleetsweep_v1_CordonHostRequest__Output, _fleetsweep_v1_CordonHostResponse__Output>
  ExportTable: MethodDefinition<_fleetsweep_v1_ExportTableRequest, _fleetsweep_v1_ExportTableResponse, _fleetsweep_v1_ExportTableRequest__Output, _fleetsweep_v1_ExportTableResponse__Output>
  GetHistory: MethodDefinition<_fleetsweep_v1_GetHistoryRequest, _fleetsweep_v1_GetHistoryResponse, _fleetsweep_v1_GetHistoryRequest__Output, _fleetsweep_v1_GetHistoryResponse__Output>
  GetReport: MethodDefinition<_fleetsweep_v1_GetReportRequest, _fleetsweep_v1_GetReportResponse, _fleetsweep_v1_GetReportRequest__Output, _fleetsweep_v1_GetReportResponse__Output>
  GetTuneReport: MethodDefinition<_fleetsweep_v1_GetTuneReportRequest, _fleetsweep_v1_GetTuneReportResponse, _fleetsweep_v1_GetTuneReportRequest__Output, _fleetsweep_v1_GetTuneReportResponse__Output>
  ListBest: MethodDefinition<_fleetsweep_v1_ListBestRequest, _fleetsweep_v1_ListBestResponse, _fleetsweep_v1_ListBestRequest__Output, _fleetsweep_v1_ListBestResponse__Output>
  ListHosts: MethodDefinition<_fleetsweep_v1_ListHostsRequest, _fleetsweep_v1_ListHostsResponse, _fleetsweep_v1_ListHostsRequest__Output, _fleetsweep_v1_ListHostsResponse__Output>
  ListSchedules: MethodDefinition<_fleetsweep_v1_ListSchedulesRequest, _fleetsweep_v1_ListSchedulesResponse, _fleetsweep_v1_ListSchedulesRequest__Output, _fleetsweep_v1_ListSchedulesResponse__Output>
  ListSweeps: MethodDefinition<_fleetsweep_v1_ListSweepsRequest, _fleetsweep_v1_ListSweepsResponse, _fleetsweep_v1_ListSweepsRequest__Output, _fleetsweep_v1_ListSweepsResponse__Output>
  QueryProjection: MethodDefinition<_fleetsweep_v1_QueryProjectionRequest, _fleetsweep_v1_QueryProjectionResponse, _fleetsweep_v1_QueryProjectionRequest__Output, _fleetsweep_v1_QueryProjectionResponse__Output>
  Recommend: MethodDefinition<_fleetsweep_v1_RecommendRequest, _fleetsweep_v1_RecommendResponse, _fleetsweep_v1_RecommendRequest__Output, _fleetsweep_v1_RecommendResponse__Output>
  SubmitSweep: MethodDefinition<_fleetsweep_v1_SubmitSweepRequest, _fleetsweep_v1_SubmitSweepResponse, _fleetsweep_v1_SubmitSweepRequest__Output, _fleetsweep_v1_SubmitSweepResponse__Output>
  SubmitTune: MethodDefinition<_fleetsweep_v1_SubmitTuneRequest, _fleetsweep_v1_SubmitTuneResponse, _fleetsweep_v1_SubmitTuneRequest__Output, _fleetsweep_v1_SubmitTuneResponse__Output>
  UncordonHost: MethodDefinition<_fleetsweep_v1_UncordonHostRequest, _fleetsweep_v1_UncordonHostResponse, _fleetsweep_v1_UncordonHostRequest__Output, _fleetsweep_v1_UncordonHostResponse__Output>
  WatchSweep: MethodDefinition<_fleetsweep_v1_WatchSweepRequest, _fleetsweep_v1_WatchSweepResponse, _fleetsweep_v1_WatchSweepRequest__Output, _fleetsweep_v1_WatchSweepResponse__Output>
}
