import type { ParameterType } from '@aws-sdk/client-ssm';
import { AwsError } from '../../errors.ts';
import type { ResourceTypes, Site } from '../resource-types.ts';
import { retag, tagsOfMap } from '../tags.ts';

interface Parameter {
  Name?: string;
  Type: ParameterType;
  Value: string;
  Description?: string;
  AllowedPattern?: string;
  Tier?: string;
  DataType?: string;
  Policies?: string;
  Tags?: Record<string, string>;
}

export default {
  'AWS::SSM::Parameter': {
    name: 'Name',

    async create(properties: Parameter, site) {
      // Parameters are not called after their stack.
      const Name = properties.Name ?? `CFN-${site.logicalId}-${site.world.random.letters(12)}`;
      await put({ ...properties, Name }, false, site);
      await site.call('ssm', 'AddTagsToResource', tagged(Name, properties, site));
      return { id: Name, attributes: { Type: properties.Type, Value: properties.Value } };
    },

    async update({ id: Name }, properties: Parameter, site, previous: Parameter) {
      await put({ ...properties, Name }, true, site);
      const it = { ResourceType: 'Parameter', ResourceId: Name };
      await retag(tagsOfMap(properties.Tags), tagsOfMap(previous.Tags), site, {
        untag: (TagKeys) => site.call('ssm', 'RemoveTagsFromResource', { ...it, TagKeys }),
        tag: (Tags) => site.call('ssm', 'AddTagsToResource', { ...it, Tags }),
      });
      return { id: Name, attributes: { Type: properties.Type, Value: properties.Value } };
    },

    async delete({ id: Name }, site) {
      await site.call('ssm', 'DeleteParameter', { Name });
    },
  },
} satisfies ResourceTypes;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html */
async function put({ Tags: _tags, ...properties }: Parameter, Overwrite: boolean, site: Site) {
  if (properties.Type === 'SecureString')
    throw new AwsError(
      'ValidationException',
      'CloudFormation does not create parameters of type SecureString.',
    );
  return site.call('ssm', 'PutParameter', { ...properties, Overwrite });
}

const tagged = (ResourceId: string, { Tags }: Parameter, site: Site) => ({
  ResourceType: 'Parameter',
  ResourceId,
  Tags: site.tags(tagsOfMap(Tags)),
});
