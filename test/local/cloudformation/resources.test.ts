import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resourceTypes } from '../../../local/cloudformation/resource-types.ts';
import { startLocal, type Local } from '../../../local/index.ts';
import { API_CASES, API_GROUND, HTTP_API_CASES, HTTP_API_GROUND } from './changeable-apis.ts';
import { EVENT_CASES, EVENT_GROUND } from './changeable-events.ts';
import { KEY_CASES, KEY_GROUND } from './changeable-keys.ts';
import { LOG_CASES, LOG_GROUND } from './changeable-logs.ts';
import { SECRET_CASES, SECRET_GROUND } from './changeable-secrets.ts';
import { USER_CASES, USER_GROUND } from './changeable-users.ts';
import { CASES, GROUND } from './changeable.ts';
import { stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeEach(async () => {
  aws = await startLocal();
});
afterEach(() => aws.stop());

/** An API without a method cannot be deployed, settings are for routes that there are, and functions let Logs in. */
const DEPENDS: Record<string, object> = {
  'AWS::ApiGateway::Deployment': { DependsOn: 'OneMethod' },
  'AWS::ApiGatewayV2::Deployment': { DependsOn: 'OneRoute' },
  'AWS::ApiGatewayV2::Stage': { DependsOn: 'OneRoute' },
  'AWS::Logs::SubscriptionFilter': { DependsOn: 'LogsMayInvoke' },
  'AWS::SecretsManager::RotationSchedule': { DependsOn: 'Leave' },
};

const ALL = [
  ...CASES.map((given) => [...given, GROUND] as const),
  ...API_CASES.map((given) => [...given, API_GROUND] as const),
  ...HTTP_API_CASES.map((given) => [...given, HTTP_API_GROUND] as const),
  ...EVENT_CASES.map((given) => [...given, EVENT_GROUND] as const),
  ...LOG_CASES.map((given) => [...given, LOG_GROUND] as const),
  ...USER_CASES.map((given) => [...given, USER_GROUND] as const),
  ...KEY_CASES.map((given) => [...given, KEY_GROUND] as const),
  ...SECRET_CASES.map((given) => [...given, SECRET_GROUND] as const),
];

test.each(ALL)('%s is made, changed in place and deleted', async (Type, before, after, ground) => {
  const stacks = stacksOf(aws);
  const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
  const body = (Properties: object) => template({ ...ground, It: { Type, Properties, ...DEPENDS[Type] } });
  const id = async () => {
    const { StackResources = [] } = await stacks.cfn.send(
      new DescribeStackResourcesCommand({ StackName: 's' }),
    );
    return StackResources.find(({ LogicalResourceId }) => LogicalResourceId === 'It')?.PhysicalResourceId;
  };
  await stacks.after(new CreateStackCommand({ StackName: 's', TemplateBody: body(before), Capabilities }));
  const made = await id();
  const updated = await stacks.after(
    new UpdateStackCommand({ StackName: 's', TemplateBody: body(after), Capabilities }),
  );
  expect([updated.StackStatus, await stacks.happened('s')]).toEqual([
    'UPDATE_COMPLETE',
    expect.not.arrayContaining([expect.stringContaining('FAILED')]),
  ]);
  expect(await id()).toBe(made);
  const deleted = await stacks.after(new DeleteStackCommand({ StackName: 's' }));
  expect([deleted.StackStatus, deleted.StackStatusReason]).toEqual(['DELETE_COMPLETE', undefined]);
});

test('every type that can be changed in place is covered above', async () => {
  const covered = new Set(ALL.map(([type]) => type));
  const elsewhere = new Set(['AWS::CloudFormation::CustomResource', 'AWS::CloudFormation::Stack']);
  const types = Object.entries(await resourceTypes()).filter(
    ([name, { update }]) => update && !elsewhere.has(name),
  );
  expect(types.map(([name]) => name).filter((name) => !covered.has(name))).toEqual([]);
});
