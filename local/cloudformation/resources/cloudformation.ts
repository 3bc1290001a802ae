/** Custom resources: a function makes, changes and deletes them, and answers by HTTP. */
import { AwsError } from '../../errors.ts';
import { answerOf, stringsOf } from '../custom-resource.ts';
import type { ResourceTypes } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

export default {
  'AWS::CloudFormation::CustomResource': {
    create: (properties: Dictionary, site) => answerOf({ RequestType: 'Create' }, properties, site),

    async update({ id }, properties: Dictionary, site, previous: Dictionary) {
      if (properties['ServiceToken'] !== previous['ServiceToken'])
        throw new AwsError('ValidationError', 'Modifying service token is not allowed.');
      return answerOf(
        { RequestType: 'Update', PhysicalResourceId: id, OldResourceProperties: stringsOf(previous) },
        properties,
        site,
      );
    },

    async delete({ id }, site, properties: Dictionary) {
      await answerOf({ RequestType: 'Delete', PhysicalResourceId: id }, properties, site);
    },
  },
} satisfies ResourceTypes;
