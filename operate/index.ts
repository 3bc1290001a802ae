/** See and feed a running pipeline: functions over AWS clients, and the command line over them. */
export { awsOfEnvironment, type Aws } from './aws.ts';
export { backlog, type Backlog } from './backlog.ts';
export { discover, type Discovered, type DiscoveredConsumer, type Which } from './discovery.ts';
export { emit } from './emit.ts';
export { EXIT, OperateError, type OperateErrorCode } from './errors.ts';
export { importOrders, type Imported, type ImportOptions } from './import.ts';
export { recordLines, type RecordLine } from './records.ts';
