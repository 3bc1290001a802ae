import type { Tag } from '@aws-sdk/client-cloudformation';
import { notModelled } from '../../errors.ts';
import { mapOfTags, retag } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

interface Filter extends Dictionary {
  FilterName?: string;
  LogGroupName: string;
}

interface MetricFilter extends Filter {
  MetricTransformations: MetricTransformation[];
}

interface MetricTransformation extends Dictionary {
  DefaultValue?: number;
  Dimensions?: { Key: string; Value: string }[];
  MetricName: string;
  MetricNamespace: string;
  MetricValue: string;
  Unit?: string;
}

interface LogGroup extends Dictionary {
  LogGroupName?: string;
  RetentionInDays?: number;
  KmsKeyId?: string;
  LogGroupClass?: string;
  Tags?: Tag[];
}

interface ResourcePolicy extends Dictionary {
  PolicyName: string;
  /** JSON text. */
  PolicyDocument: string;
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
      site.made({ id: logGroupName });
      await retain(logGroupName, RetentionInDays, site);
      // Unlike other ARNs it ends in `:*`, as policies want it.
      return {
        id: logGroupName,
        attributes: { Arn: `arn:aws:logs:${site.region}:${site.account}:log-group:${logGroupName}:*` },
      };
    },

    async update(before, properties: LogGroup, site, previous: LogGroup) {
      refuseUnmodelled(properties);
      const { RetentionInDays, KmsKeyId, Tags } = properties;
      if (properties.LogGroupClass !== previous.LogGroupClass)
        throw notModelled('changing the LogGroupClass of a log group');
      if (KmsKeyId !== previous.KmsKeyId) await encrypt(before.id, KmsKeyId, site);
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

  'AWS::Logs::MetricFilter': filter(
    'MetricFilter',
    ({ MetricTransformations, ...properties }: MetricFilter): Dictionary => ({
      ...asMembers(properties),
      metricTransformations: MetricTransformations.map(({ Dimensions, ...transformation }) => ({
        ...asMembers(transformation),
        ...(Dimensions && {
          dimensions: Object.fromEntries(Dimensions.map(({ Key, Value }) => [Key, Value])),
        }),
      })),
    }),
  ),

  'AWS::Logs::SubscriptionFilter': filter('SubscriptionFilter', asMembers),

  'AWS::Logs::ResourcePolicy': {
    async create(properties: ResourcePolicy, site) {
      await site.call('logs', 'PutResourcePolicy', asMembers(properties));
      return { id: properties.PolicyName, attributes: {} };
    },

    async update(before, properties: ResourcePolicy, site) {
      await site.call('logs', 'PutResourcePolicy', asMembers(properties));
      return before;
    },

    async delete({ id: policyName }, site) {
      await site.call('logs', 'DeleteResourcePolicy', { policyName });
    },
  },
} satisfies ResourceTypes;

/** @param members the properties as PutMetricFilter and PutSubscriptionFilter take them */
function filter<Properties extends Filter>(
  kind: 'MetricFilter' | 'SubscriptionFilter',
  members: (properties: Properties) => Dictionary,
) {
  const put = (filterName: string, properties: Properties, site: Site) =>
    site.call('logs', `Put${kind}`, { ...members(properties), filterName });
  return {
    name: 'FilterName',

    async create(properties: Properties, site: Site) {
      const filterName = site.name(properties.FilterName, { longest: 512 });
      await put(filterName, properties, site);
      return { id: filterName };
    },

    async update(before: { id: string }, properties: Properties, site: Site) {
      await put(before.id, properties, site);
      return before;
    },

    async delete({ id: filterName }: { id: string }, site: Site, { LogGroupName: logGroupName }: Properties) {
      await site.call('logs', `Delete${kind}`, { logGroupName, filterName });
    },
  };
}

/** Logs' own members begin with a small letter. */
function asMembers(properties: Dictionary): Dictionary {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name[0]!.toLowerCase() + name.slice(1), value]),
  );
}

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

const encrypt = (logGroupName: string, kmsKeyId: string | undefined, site: Site) =>
  kmsKeyId === undefined
    ? site.call('logs', 'DisassociateKmsKey', { logGroupName })
    : site.call('logs', 'AssociateKmsKey', { logGroupName, kmsKeyId });

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
