import type * as CFN from '@aws-sdk/client-cloudformation';
import { AwsError, notModelled } from '../../errors.ts';
import type { Resource, ResourceTypes, Site } from '../resource-types.ts';

interface NestedStack {
  TemplateURL?: string;
  Parameters?: Record<string, string>;
  NotificationARNs?: string[];
  TimeoutInMinutes?: number;
  Tags?: CFN.Tag[];
}

export default {
  'AWS::CloudFormation::Stack': {
    async create(properties: NestedStack, site) {
      const StackName = site.name(undefined, { longest: 128 });
      const { StackId } = await site.call<{ StackId: string }>('cloudformation', 'CreateStack', {
        StackName,
        ...requested(properties, site),
      });
      return settled(StackId, 'created', site);
    },

    async update({ id, attributes }, properties: NestedStack, site) {
      try {
        await site.call('cloudformation', 'UpdateStack', { StackName: id, ...requested(properties, site) });
      } catch (error) {
        if ((error as Error).message === 'No updates are to be performed.') return { id, attributes };
        throw error;
      }
      return settled(id, 'updated', site);
    },

    async delete({ id }, site) {
      await site.call('cloudformation', 'DeleteStack', { StackName: id });
      await settled(id, 'deleted', site);
    },
  },
} satisfies ResourceTypes;

function requested(properties: NestedStack, site: Site): object {
  const { TemplateURL, Parameters = {}, NotificationARNs, TimeoutInMinutes, Tags } = properties;
  if (TimeoutInMinutes !== undefined) throw notModelled('TimeoutInMinutes of a nested stack');
  return {
    TemplateURL,
    Parameters: Object.entries(Parameters).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    // The stack around it was given them, and it may do no more than that one.
    Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    Tags: site.tags(Tags),
    ...(NotificationARNs ? { NotificationARNs } : {}),
  };
}

/** The nested stack when its operation is over; throws when that has failed. */
async function settled(id: string, what: 'created' | 'updated' | 'deleted', site: Site): Promise<Resource> {
  await site.world.service('cloudformation').settled(id);
  const { Stacks } = await site.call<CFN.DescribeStacksCommandOutput>('cloudformation', 'DescribeStacks', {
    StackName: id,
  });
  const { StackStatus = '', Outputs = [] } = Stacks![0]!;
  if (!/^(CREATE|UPDATE|DELETE)_COMPLETE$/.test(StackStatus)) {
    const reason = `Embedded stack ${id} was not successfully ${what}: ${await reasonOf(id, site)}`;
    throw new AwsError('ValidationError', reason, { PhysicalResourceId: id });
  }
  return {
    id,
    attributes: Object.fromEntries(
      Outputs.map(({ OutputKey, OutputValue }) => [`Outputs.${OutputKey}`, OutputValue]),
    ),
  };
}

/** Which of its resources failed, as its own events tell. */
async function reasonOf(id: string, site: Site): Promise<string> {
  const { StackEvents = [] } = await site.call<CFN.DescribeStackEventsCommandOutput>(
    'cloudformation',
    'DescribeStackEvents',
    { StackName: id },
  );
  const last = StackEvents.find(
    ({ PhysicalResourceId, ResourceStatusReason: reason = '' }) =>
      PhysicalResourceId === id && reason.startsWith('The following resource(s) failed'),
  );
  return last?.ResourceStatusReason?.replace('Rollback requested by user.', '').trim() ?? 'Unknown reason';
}
