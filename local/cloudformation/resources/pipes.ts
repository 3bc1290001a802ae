import type { Tag } from '@aws-sdk/client-cloudformation';
import { retag, tagsOfMap, mapOfTags } from '../tags.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

interface Pipe extends Dictionary {
  Name?: string;
  Source: string;
  SourceParameters?: Dictionary;
  EnrichmentParameters?: Dictionary;
  TargetParameters?: Dictionary;
  Tags?: Record<string, string>;
}

export default {
  'AWS::Pipes::Pipe': {
    name: 'Name',

    async create({ Tags, ...properties }: Pipe, site) {
      const Name = site.name(properties.Name, { longest: 64 });
      await site.call('pipes', 'CreatePipe', {
        ...properties,
        Name,
        Tags: mapOfTags(site.tags(tagsOfMap(Tags))),
      });
      return described(Name, site);
    },

    async update({ id: Name }, { Tags, Source: _source, ...properties }: Pipe, site, previous: Pipe) {
      await site.call('pipes', 'UpdatePipe', {
        Description: '',
        Enrichment: '',
        DesiredState: 'RUNNING',
        ...properties,
        Name,
        SourceParameters: { ...emptied(previous.SourceParameters), ...properties.SourceParameters },
        EnrichmentParameters: {
          ...emptied(previous.EnrichmentParameters),
          ...properties.EnrichmentParameters,
        },
        TargetParameters: { ...emptied(previous.TargetParameters), ...properties.TargetParameters },
      });
      const resource = await described(Name, site);
      const resourceArn = resource.attributes.Arn;
      await retag(tagsOfMap(Tags), tagsOfMap(previous.Tags), site, {
        untag: (tagKeys) => site.call('pipes', 'UntagResource', { resourceArn, tagKeys }),
        tag: (tags: Tag[]) => site.call('pipes', 'TagResource', { resourceArn, tags: mapOfTags(tags) }),
      });
      return resource;
    },

    async delete({ id: Name }, site) {
      await site.call('pipes', 'DeletePipe', { Name });
    },
  },
} satisfies ResourceTypes;

/** What is not mentioned stays as it is, so what a template no longer has is emptied. */
const emptied = (before: Dictionary = {}): Dictionary =>
  Object.fromEntries(
    Object.entries(before).map(([name, value]) => [name, typeof value === 'string' ? '' : {}]),
  );

interface Described {
  Arn: string;
  CurrentState: string;
  StateReason: string;
  CreationTime: Date;
  LastModifiedTime: Date;
}

async function described(Name: string, site: Site) {
  const { CreationTime, LastModifiedTime, Arn, CurrentState, StateReason } = await site.call<Described>(
    'pipes',
    'DescribePipe',
    { Name },
  );
  return {
    id: Name,
    attributes: {
      Arn,
      CurrentState,
      StateReason,
      CreationTime: CreationTime.toISOString(),
      LastModifiedTime: LastModifiedTime.toISOString(),
    },
  };
}
