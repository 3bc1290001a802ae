import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { mapOfTags, retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

interface LogGroup extends Dictionary {
  LogGroupName?: string;
  RetentionInDays?: number;
  KmsKeyId?: string;
  LogGroupClass?: string;
  Tags?: Tag[];
}

export default {
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',

    async create(properties: LogGroup, site) {
      refuseUnmodelled(properties);
      const { LogGroupName, RetentionInDays, KmsKeyId, LogGroupClass, Tags } = properties;
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

    async update(before, properties: LogGroup, site, previous: LogGroup) {
      refuseUnmodelled(properties);
      const { RetentionInDays, Tags } = properties;
      for (const name of ['KmsKeyId', 'LogGroupClass'])
        if (properties[name] !== previous[name]) throw notModelled(`changing the ${name} of a log group`);
      if (RetentionInDays !== previous.RetentionInDays) await retain(before.id, RetentionInDays, site, true);
      const resourceArn = String(before.attributes['Arn']).replace(/:\*$/, '');
      await retag(Tags, previous.Tags, site, {
        untag: (tagKeys) => site.call('logs', 'UntagResource', { resourceArn, tagKeys }),
        tag: (tags) => site.call('logs', 'TagResource', { resourceArn, tags: mapOfTags(tags) }),
      });
      return before;
    },

    async delete({ id: logGroupName }, site) {
      await site.call('logs', 'DeleteLogGroup', { logGroupName });
    },
  },
} satisfies ResourceTypes;

const NOT_MODELLED = [
  'BearerTokenAuthenticationEnabled',
  'DataProtectionPolicy',
  'DeletionProtectionEnabled',
  'FieldIndexPolicies',
  'ResourcePolicyDocument',
];

function refuseUnmodelled(properties: LogGroup): void {
  const found = NOT_MODELLED.find((name) => properties[name]);
  if (found !== undefined) throw notModelled(`${found} of a log group`);
}

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
