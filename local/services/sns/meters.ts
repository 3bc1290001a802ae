import type { World } from '../../world.ts';
import { metersByName } from '../monitoring/by-name.ts';

const UNITS = {
  NumberOfMessagesPublished: 'Count',
  PublishSize: 'Bytes',
  NumberOfNotificationsDelivered: 'Count',
  NumberOfNotificationsFailed: 'Count',
  NumberOfNotificationsFilteredOut: 'Count',
  'NumberOfNotificationsFilteredOut-NoMessageAttributes': 'Count',
  NumberOfNotificationsRedrivenToDlq: 'Count',
  NumberOfNotificationsFailedToRedriveToDlq: 'Count',
} as const;

/** The metrics of topics by name. https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html */
export const metersOf = (world: World) =>
  metersByName(world, { namespace: 'AWS/SNS', dimension: 'TopicName', units: UNITS });
