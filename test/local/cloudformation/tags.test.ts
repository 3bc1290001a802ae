import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, ListTagsForResourceCommand as AlarmTags } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, ListTagsForResourceCommand as LogTags } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, ListTagsForResourceCommand as RuleTags } from '@aws-sdk/client-eventbridge';
import { ListTagsForResourceCommand as ParameterTags, SSMClient } from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { stacksOf, template } from './stacks-of.ts';

type Tags = Record<string, string>;
const listed = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const mapped = (tags: { Key?: string; Value?: string }[] = []) =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
const arn = (rest: string) => `arn:aws:${rest}`.replace('HERE', 'eu-west-1:000000000000');

const alarm = (tags: Tags) => ({
  Type: 'AWS::CloudWatch::CompositeAlarm',
  Properties: { AlarmName: 'it', AlarmRule: 'FALSE', Tags: listed(tags) },
});
const group = (tags: Tags) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { LogGroupName: 'it', Tags: listed(tags) },
});
const rule = (tags: Tags) => ({
  Type: 'AWS::Events::Rule',
  Properties: { Name: 'it', EventPattern: { source: ['a'] }, Tags: listed(tags) },
});
const bus = (tags: Tags) => ({
  Type: 'AWS::Events::EventBus',
  Properties: { Name: 'it', Tags: listed(tags) },
});
const parameter = (Tags: Tags) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name: 'it', Type: 'String', Value: 'v', Tags },
});

const ofEvents = (rest: string) => async (aws: Local) =>
  mapped((await aws.client(EventBridgeClient).send(new RuleTags({ ResourceARN: arn(rest) }))).Tags);

test.each([
  [
    'an alarm',
    alarm,
    async (aws: Local) =>
      mapped(
        (
          await aws
            .client(CloudWatchClient)
            .send(new AlarmTags({ ResourceARN: arn('cloudwatch:HERE:alarm:it') }))
        ).Tags,
      ),
  ],
  [
    'a log group',
    group,
    async (aws: Local) =>
      (
        await aws
          .client(CloudWatchLogsClient)
          .send(new LogTags({ resourceArn: arn('logs:HERE:log-group:it') }))
      ).tags,
  ],
  ['a rule', rule, ofEvents('events:HERE:rule/it')],
  ['a bus', bus, ofEvents('events:HERE:event-bus/it')],
  [
    'a parameter',
    parameter,
    async (aws: Local) =>
      mapped(
        (await aws.client(SSMClient).send(new ParameterTags({ ResourceType: 'Parameter', ResourceId: 'it' })))
          .TagList,
      ),
  ],
])('the tags of %s follow its template', async (_what, resource, tagsOf) => {
  const aws = await startLocal();
  const { after } = stacksOf(aws);
  const body = (tags: Tags) => ({ StackName: 's', TemplateBody: template({ It: resource(tags) }) });
  await after(new CreateStackCommand(body({ a: '1', b: '2' })));
  const { StackStatus } = await after(new UpdateStackCommand(body({ a: '3' })));
  expect([StackStatus, await tagsOf(aws)]).toEqual(['UPDATE_COMPLETE', { a: '3' }]);
  await aws.stop();
});
