/** See, feed and repair a running pipeline: functions over AWS clients, and the command line over them. */
export { awsOfEnvironment, type Aws } from './aws.ts';
export { backlog, type Backlog } from './backlog.ts';
export {
  discover,
  type Discovered,
  type DiscoveredApi,
  type DiscoveredConsumer,
  type Which,
} from './discovery.ts';
export { emit } from './emit.ts';
export { EXIT, OperateError, type OperateErrorCode } from './errors.ts';
export { importOrders, type Imported, type ImportOptions } from './import.ts';
export type { Filter } from './letters/filter.ts';
export { openJournal, type Journal } from './letters/journal.ts';
export { lettersOf, type Letter } from './letters/letter.ts';
export { planRedrive, type PlanOptions } from './letters/plan.ts';
export { purge, type Purged, type PurgeOptions } from './letters/purge.ts';
export { letterQueues, type LetterQueue } from './letters/queues.ts';
export { redrive } from './letters/redrive.ts';
export type { Moved, Moving, Plan, Transfer } from './letters/transfer.ts';
export { recordLines, type RecordLine } from './records.ts';
export { planReplay, type Replay, type ReplayOptions } from './replay/plan.ts';
export { replay, type Replayed, type Replaying } from './replay/replay.ts';
export { statusOf, type ConsumerStatus, type Status } from './status/status.ts';
export { traceOf, type Trace } from './trace/trace.ts';
