import type { ResourceTypes, Site } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

interface Named extends Dictionary {
  Name?: string;
}

export default {
  'AWS::Events::Connection': {
    name: 'Name',

    async create(properties: Named, site) {
      const Name = site.name(properties.Name, { longest: 64 });
      await site.call('events', 'CreateConnection', { ...properties, Name });
      return connection(Name, site);
    },

    async update({ id: Name }, properties: Named, site) {
      await site.call('events', 'UpdateConnection', { Description: '', ...properties, Name });
      return connection(Name, site);
    },

    async delete({ id: Name }, site) {
      await site.call('events', 'DeleteConnection', { Name });
    },
  },

  'AWS::Events::ApiDestination': {
    name: 'Name',

    async create(properties: Named, site) {
      const Name = site.name(properties.Name, { longest: 64 });
      const { ApiDestinationArn: arn } = await site.call<{ ApiDestinationArn: string }>(
        'events',
        'CreateApiDestination',
        { ...properties, Name },
      );
      return { id: Name, attributes: { Arn: arn, ArnForPolicy: withoutId(arn) } };
    },

    async update(before, properties: Named, site) {
      await site.call('events', 'UpdateApiDestination', {
        Description: '',
        InvocationRateLimitPerSecond: 300,
        ...properties,
        Name: before.id,
      });
      return before;
    },

    async delete({ id: Name }, site) {
      await site.call('events', 'DeleteApiDestination', { Name });
    },
  },
} satisfies ResourceTypes;

async function connection(Name: string, site: Site) {
  const { ConnectionArn: arn, SecretArn } = await site.call<{ ConnectionArn: string; SecretArn: string }>(
    'events',
    'DescribeConnection',
    { Name },
  );
  return { id: Name, attributes: { Arn: arn, ArnForPolicy: withoutId(arn), SecretArn } };
}

/** `…:connection/NAME/ID` without what AWS makes up, as policies may name it. */
const withoutId = (arn: string) => arn.slice(0, arn.lastIndexOf('/'));
