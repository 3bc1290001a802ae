import type { Tag } from '@aws-sdk/client-cloudformation';
import type { ResourceType, ResourceTypes } from '../resource-types.ts';
import { retag } from '../tags.ts';
import type { Dictionary } from '../values.ts';

interface Alarm extends Dictionary {
  AlarmName?: string;
  Tags?: Tag[];
}

interface Dashboard {
  DashboardName?: string;
  DashboardBody: string;
}

export default {
  'AWS::CloudWatch::Alarm': alarm('PutMetricAlarm'),
  'AWS::CloudWatch::CompositeAlarm': alarm('PutCompositeAlarm'),

  'AWS::CloudWatch::Dashboard': {
    name: 'DashboardName',

    async create(properties: Dashboard, site) {
      const DashboardName = site.name(properties.DashboardName, { longest: 255 });
      await site.call('monitoring', 'PutDashboard', {
        DashboardName,
        DashboardBody: properties.DashboardBody,
      });
      return { id: DashboardName };
    },

    async update(before, { DashboardBody }: Dashboard, site) {
      await site.call('monitoring', 'PutDashboard', { DashboardName: before.id, DashboardBody });
      return before;
    },

    async delete({ id }, site) {
      await site.call('monitoring', 'DeleteDashboards', { DashboardNames: [id] });
    },
  },
} satisfies ResourceTypes;

/** The properties are the operation's own input. */
function alarm(operation: 'PutMetricAlarm' | 'PutCompositeAlarm'): ResourceType<Alarm> {
  return {
    name: 'AlarmName',

    async create(properties, site) {
      const AlarmName = site.name(properties.AlarmName, { longest: 255 });
      await site.call('monitoring', operation, {
        ...properties,
        AlarmName,
        Tags: site.tags(properties.Tags),
      });
      return {
        id: AlarmName,
        attributes: { Arn: `arn:aws:cloudwatch:${site.region}:${site.account}:alarm:${AlarmName}` },
      };
    },

    async update(before, { Tags, ...properties }, site, previous) {
      await site.call('monitoring', operation, { ...properties, AlarmName: before.id });
      const ResourceARN = before.attributes['Arn'];
      await retag(Tags, previous.Tags, site, {
        untag: (TagKeys) => site.call('monitoring', 'UntagResource', { ResourceARN, TagKeys }),
        tag: (tags) => site.call('monitoring', 'TagResource', { ResourceARN, Tags: tags }),
      });
      return before;
    },

    async delete({ id }, site) {
      await site.call('monitoring', 'DeleteAlarms', { AlarmNames: [id] });
    },
  };
}
