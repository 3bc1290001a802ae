import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type CreateStackCommand,
  type DeleteStackCommand,
  type ExecuteChangeSetCommand,
  type Stack,
  type UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Local } from '../../../local/index.ts';

type Operation = CreateStackCommand | UpdateStackCommand | DeleteStackCommand | ExecuteChangeSetCommand;

/** Operations on stacks together with their end. */
export function stacksOf(aws: Local) {
  const cfn = aws.client(CloudFormationClient);
  const described = async (StackName: string): Promise<Stack> =>
    (await cfn.send(new DescribeStacksCommand({ StackName }))).Stacks![0]!;

  return {
    cfn,
    described,
    /** The stack once the operation that `command` starts is over. */
    async after(command: Operation): Promise<Stack> {
      const name = command.input.StackName!;
      const before = await described(name).catch(() => undefined);
      const answer = (await cfn.send(command as CreateStackCommand)) as { StackId?: string };
      const id = before?.StackId ?? answer.StackId!;
      await aws.world.clock.until(aws.world.service('cloudformation').settled(answer.StackId ?? id));
      return described(answer.StackId ?? id);
    },
    /** Oldest first: `LOGICALID STATUS (reason)`. */
    async happened(StackName: string): Promise<string[]> {
      const { StackEvents = [] } = await cfn.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.toReversed().map(
        ({ LogicalResourceId, ResourceStatus, ResourceStatusReason }) =>
          `${LogicalResourceId} ${ResourceStatus}${ResourceStatusReason ? ` (${ResourceStatusReason})` : ''}`,
      );
    },
  };
}

export const outputsOf = ({ Outputs = [] }: Stack): Record<string, string> =>
  Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]));

export const template = (Resources: object, sections: object = {}): string =>
  JSON.stringify({ ...sections, Resources });

export const queue = (Properties: object = {}, members: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties,
  ...members,
});

export const parameter = (Value: unknown, members: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Type: 'String', Value },
  ...members,
});
