import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Stage } from './stage.ts';

/** The sparse index of outbox rows that are still to be published, by when they fall due. Keys only: every row passes through it. */
export const PENDING_INDEX = 'pending';

/** Outbox rows are the items whose key begins with this. */
export const OUTBOX_PREFIX = 'o#';

/** A consumer's own table: aggregates, marks of what was handled, and the outbox, told apart by the prefix of the key. */
export function consumerTable(
  scope: Construct,
  id: string,
  stage: Stage,
  { marksExpire = false }: { marksExpire?: boolean } = {},
): dynamodb.Table {
  const table = new dynamodb.Table(scope, id, {
    partitionKey: { name: 'pk', type: dynamodb.AttributeType.STRING },
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    stream: dynamodb.StreamViewType.NEW_IMAGE,
    ...(marksExpire && { timeToLiveAttribute: 'expires' }),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: stage.keepsData,
    removalPolicy: stage.removalPolicy,
  });
  table.addGlobalSecondaryIndex({
    indexName: PENDING_INDEX,
    partitionKey: { name: 'pending', type: dynamodb.AttributeType.STRING },
    sortKey: { name: 'dueAt', type: dynamodb.AttributeType.NUMBER },
    projectionType: dynamodb.ProjectionType.KEYS_ONLY,
  });
  return table;
}
