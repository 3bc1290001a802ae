/** The tags of tables. */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { Database, Table } from './table.ts';

export const tagOperations = (db: Database) => ({
  TagResource({ ResourceArn, Tags = [] }: DDB.TagResourceCommandInput) {
    const { tags } = tagged(db, ResourceArn);
    for (const { Key, Value } of Tags) tags.set(Key!, Value!);
    return {} satisfies Answer<DDB.TagResourceCommandOutput>;
  },

  UntagResource({ ResourceArn, TagKeys = [] }: DDB.UntagResourceCommandInput) {
    const { tags } = tagged(db, ResourceArn);
    for (const key of TagKeys) tags.delete(key);
    return {} satisfies Answer<DDB.UntagResourceCommandOutput>;
  },

  ListTagsOfResource({ ResourceArn }: DDB.ListTagsOfResourceCommandInput) {
    const { tags } = tagged(db, ResourceArn);
    return {
      Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    } satisfies Answer<DDB.ListTagsOfResourceCommandOutput>;
  },
});

function tagged(db: Database, arn: string | undefined): Table {
  const found = [...db.tables.values()].find((table) => table.arn === arn);
  if (!found)
    throw new AwsError(
      'ResourceNotFoundException',
      `Requested resource not found: ResourcArn: ${arn} not found`,
    );
  return found;
}
