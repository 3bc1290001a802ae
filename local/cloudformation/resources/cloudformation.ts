/** Custom resources: a function makes, changes and deletes them, and answers by HTTP. */
import { answerOf, stringsOf } from '../custom-resource.ts';
import type { ResourceTypes } from '../resource-types.ts';
import type { Dictionary } from '../values.ts';

export default {
  'AWS::CloudFormation::CustomResource': {
    create: (properties: Dictionary, site) => answerOf({ RequestType: 'Create' }, properties, site),

    update: ({ id }, properties: Dictionary, site, previous: Dictionary) =>
      answerOf(
        { RequestType: 'Update', PhysicalResourceId: id, OldResourceProperties: stringsOf(previous) },
        properties,
        site,
      ),

    async delete({ id }, site, properties: Dictionary) {
      await answerOf({ RequestType: 'Delete', PhysicalResourceId: id }, properties, site);
    },
  },
} satisfies ResourceTypes;
