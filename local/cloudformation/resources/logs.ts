import type { Tag } from '@aws-sdk/client-cloudformation';
import { mapOfTags } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';

interface LogGroup {
  LogGroupName?: string;
  RetentionInDays?: number;
  KmsKeyId?: string;
  LogGroupClass?: string;
  Tags?: Tag[];
}

export default {
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',

    async create({ LogGroupName, RetentionInDays, KmsKeyId, LogGroupClass, Tags }: LogGroup, site) {
      const logGroupName = site.name(LogGroupName, { longest: 512 });
      await site.call('logs', 'CreateLogGroup', {
        logGroupName,
        ...(KmsKeyId === undefined ? {} : { kmsKeyId: KmsKeyId }),
        ...(LogGroupClass === undefined ? {} : { logGroupClass: LogGroupClass }),
        tags: mapOfTags(site.tags(Tags)),
      });
      await retain(logGroupName, RetentionInDays, site);
      // Unlike other ARNs it ends in `:*`, as policies want it.
      return {
        id: logGroupName,
        attributes: { Arn: `arn:aws:logs:${site.region}:${site.account}:log-group:${logGroupName}:*` },
      };
    },

    async update(before, { RetentionInDays }: LogGroup, site, previous: LogGroup) {
      if (RetentionInDays !== previous.RetentionInDays) await retain(before.id, RetentionInDays, site, true);
      return before;
    },

    async delete({ id: logGroupName }, site) {
      await site.call('logs', 'DeleteLogGroup', { logGroupName });
    },
  },
} satisfies ResourceTypes;

/** Without days events are kept for ever. */
async function retain(
  logGroupName: string,
  retentionInDays: number | undefined,
  site: Site,
  limited = false,
): Promise<void> {
  if (retentionInDays !== undefined)
    await site.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
  else if (limited) await site.call('logs', 'DeleteRetentionPolicy', { logGroupName });
}
