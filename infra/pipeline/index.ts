export { type AlarmProps, Alarms, type AlarmsProps } from './alarms.ts';
export { Consumer, type ConsumerProps } from './consumer.ts';
export { Pipeline, type PipelineProps } from './pipeline.ts';
