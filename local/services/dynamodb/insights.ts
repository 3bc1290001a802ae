/**
 * CloudWatch Contributor Insights, which is switched on and off and described; it reports nothing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateContributorInsights.html
 */
import type * as DDB from '@aws-sdk/client-dynamodb';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { existing } from './settings.ts';
import type { Database, Table } from './table.ts';

export const insightOperations = (db: Database) => ({
  UpdateContributorInsights(input: DDB.UpdateContributorInsightsCommandInput) {
    const table = tableOf(db, input);
    const { ContributorInsightsAction, ContributorInsightsMode: mode = 'ACCESSED_AND_THROTTLED_KEYS' } =
      input;
    const enable = ContributorInsightsAction === 'ENABLE';
    table.insights = enable ? { mode, since: db.world.clock.now() } : undefined;
    return {
      TableName: table.name,
      ContributorInsightsStatus: enable ? 'ENABLING' : 'DISABLING',
      ...(enable && { ContributorInsightsMode: mode }),
    } satisfies Answer<DDB.UpdateContributorInsightsCommandOutput>;
  },

  DescribeContributorInsights(input: DDB.DescribeContributorInsightsCommandInput) {
    const { name, insights } = tableOf(db, input);
    return {
      TableName: name,
      ContributorInsightsStatus: insights ? 'ENABLED' : 'DISABLED',
      ...(insights && {
        ContributorInsightsMode: insights.mode,
        LastUpdateDateTime: new Date(insights.since),
      }),
    } satisfies Answer<DDB.DescribeContributorInsightsCommandOutput>;
  },
});

function tableOf(
  db: Database,
  { TableName, IndexName }: { TableName: string | undefined; IndexName?: string | undefined },
): Table {
  if (IndexName !== undefined) throw notModelled('Contributor Insights of an index');
  return existing(db, TableName);
}
