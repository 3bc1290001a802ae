export { type AlarmProps, Alarms, type AlarmsProps } from './alarms.ts';
export { Api, type ApiProps, type ViewProps, type Webhook } from './api.ts';
export { Consumer, type ConsumerProps } from './consumer.ts';
export { Pipeline, type PipelineProps } from './pipeline.ts';
