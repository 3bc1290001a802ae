import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { outputsOf, parameter, queue, stacksOf, template } from './stacks-of.ts';

let aws: Local;
beforeAll(async () => {
  aws = await startLocal();
  await aws
    .client(SSMClient)
    .send(new PutParameterCommand({ Name: '/colour', Value: 'green', Type: 'String' }));
});
afterAll(() => aws.stop());

/** What an output with this value comes to, in a stack with parameters, a mapping, conditions and a resource. */
async function worth(Value: unknown): Promise<string> {
  const { after, happened } = stacksOf(aws);
  const StackName = 'worth';
  const TemplateBody = template(
    { P: parameter('held'), Never: queue({}, { Condition: 'No' }) },
    {
      Parameters: {
        List: { Type: 'CommaDelimitedList', Default: 'a, b,c' },
        Colour: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/colour' },
      },
      Mappings: { Sizes: { small: { cpu: 1 } } },
      Conditions: {
        Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-1'] },
        No: { 'Fn::Not': [{ Condition: 'Yes' }] },
        Both: { 'Fn::And': [{ Condition: 'Yes' }, { Condition: 'No' }] },
        Either: { 'Fn::Or': [{ Condition: 'Yes' }, { Condition: 'No' }] },
      },
      Outputs: { It: { Value } },
    },
  );
  const stack = await after(new CreateStackCommand({ StackName, TemplateBody }));
  await after(new DeleteStackCommand({ StackName }));
  if (stack.StackStatus !== 'CREATE_COMPLETE') throw new Error((await happened(stack.StackId!)).join('\n'));
  return outputsOf(stack)['It']!;
}

test.each([
  ['Ref of a pseudo parameter', { Ref: 'AWS::AccountId' }, '000000000000'],
  ['Ref of a parameter from Parameter Store', { Ref: 'Colour' }, 'green'],
  ['a dynamic reference', 'it is {{resolve:ssm:/colour}}', 'it is green'],
  ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['P', 'Value'] }, 'held'],
  ['Fn::GetAtt as a text', { 'Fn::GetAtt': 'P.Type' }, 'String'],
  [
    'Fn::Sub with names, attributes, variables and literals',
    { 'Fn::Sub': ['${A}-${P.Value}-${AWS::Region}-${!A}', { A: 'x' }] },
    'x-held-eu-west-1-${A}',
  ],
  ['Fn::Join without AWS::NoValue', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::NoValue' }, 'b']] }, 'a-b'],
  ['Fn::Select from a list parameter', { 'Fn::Select': ['1', { Ref: 'List' }] }, 'b'],
  ['Fn::Split', { 'Fn::Select': [2, { 'Fn::Split': [':', 'x:y:z'] }] }, 'z'],
  ['Fn::If of And', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
  ['Fn::If of Or', { 'Fn::If': ['Either', 'yes', { Ref: 'Never' }] }, 'yes'],
  ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', 'small', 'cpu'] }, '1'],
  [
    'Fn::FindInMap with a default',
    { 'Fn::FindInMap': ['Sizes', 'large', 'cpu', { DefaultValue: '2' }] },
    '2',
  ],
  ['Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
  ['Fn::Cidr', { 'Fn::Select': [2, { 'Fn::Cidr': ['10.0.0.0/16', 4, 8] }] }, '10.0.2.0/24'],
  ['Fn::GetAZs', { 'Fn::Join': [',', { 'Fn::GetAZs': '' }] }, 'eu-west-1a,eu-west-1b,eu-west-1c'],
  ['Fn::Length', { 'Fn::Length': { Ref: 'List' } }, '3'],
  ['Fn::ToJsonString', { 'Fn::ToJsonString': { a: { Ref: 'List' } } }, '{"a":["a","b","c"]}'],
])('%s', async (_name, value, expected) => {
  expect(await worth(value)).toBe(expected);
});

test('YAML with short forms means the same as JSON', async () => {
  const TemplateBody = `
Conditions:
  Yes: !Not [!Equals [!Ref AWS::Region, us-east-1]]
Resources:
  Q:
    Type: AWS::SQS::Queue
Outputs:
  It:
    Value: !Join ['', [!If [Yes, !Sub '\${Q.QueueName}!', no], !Select [0, [a]]]]
`;
  const stack = await stacksOf(aws).after(new CreateStackCommand({ StackName: 'yaml', TemplateBody }));
  expect(outputsOf(stack)['It']).toMatch(/^yaml-Q-[A-Za-z0-9]{12}!a$/);
});

const noType = { Properties: {} };
test.each([
  ['nothing in it', template({}), 'Template format error: At least one Resources member must be defined.'],
  [
    'no type',
    template({ A: noType }),
    'Template format error: [/Resources/A] Every Resources object must contain a Type member.',
  ],
  ['no object', template({ A: 'x' }), 'Template format error: Any Resources member must be an object.'],
  [
    'an unknown member',
    template({ A: queue({}, { Invalid: 1 }) }),
    "Invalid template resource property 'Invalid'",
  ],
  [
    'an unknown type',
    template({ A: { Type: 'AWS::No::Thing' } }),
    'Template format error: Unrecognized resource types: [AWS::No::Thing]',
  ],
  [
    'a dangling reference',
    template({ A: queue({ QueueName: { Ref: 'X' } }) }),
    'Template format error: Unresolved resource dependencies [X] in the Resources block of the template',
  ],
  [
    'a circle',
    template({ A: queue({}, { DependsOn: 'B' }), B: queue({}, { DependsOn: 'A' }) }),
    'Circular dependency between resources: [A, B]',
  ],
  [
    'a parameter without a value',
    template({ A: queue() }, { Parameters: { P: { Type: 'String' } } }),
    'Parameters: [P] must have values',
  ],
])('a template with %s is refused', async (_name, TemplateBody, message) => {
  await expect(
    stacksOf(aws).cfn.send(new CreateStackCommand({ StackName: 'refused', TemplateBody })),
  ).rejects.toMatchObject({ name: 'ValidationError', message });
});

test.each(['Fn::ForEach::Each', 'Fn::Transform'])('%s is refused by name', async (name) => {
  const TemplateBody = template(
    name === 'Fn::Transform' ? { A: parameter({ 'Fn::Transform': {} }) } : { [name]: [] },
  );
  await expect(
    (async () => {
      await stacksOf(aws).cfn.send(
        new CreateChangeSetCommand({
          StackName: 'f',
          ChangeSetName: 'c',
          ChangeSetType: 'CREATE',
          TemplateBody,
        }),
      );
      const { StatusReason } = await stacksOf(aws).cfn.send(
        new DescribeChangeSetCommand({ StackName: 'f', ChangeSetName: 'c' }),
      );
      throw new Error(StatusReason);
    })(),
  ).rejects.toThrow(name.replace('::Each', ''));
});

test('a stack without the capability that its roles need is refused', async () => {
  const role = (properties: object) =>
    template({ R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, ...properties } } });
  const create = (TemplateBody: string, Capabilities: 'CAPABILITY_IAM'[]) =>
    stacksOf(aws).cfn.send(new CreateStackCommand({ StackName: 'r', TemplateBody, Capabilities }));
  await expect(create(role({}), [])).rejects.toMatchObject({
    name: 'InsufficientCapabilitiesException',
    message: 'Requires capabilities : [CAPABILITY_IAM]',
  });
  await expect(create(role({ RoleName: 'x' }), ['CAPABILITY_IAM'])).rejects.toThrow(
    'Requires capabilities : [CAPABILITY_NAMED_IAM]',
  );
});

test('a template is validated, summarized and kept as it was sent', async () => {
  const { cfn, after } = stacksOf(aws);
  const TemplateBody = template(
    { Q: queue() },
    { Description: 'd', Parameters: { P: { Type: 'String', Default: 'x' } } },
  );
  const declared = [{ ParameterKey: 'P', DefaultValue: 'x', NoEcho: false }];
  const validated = await cfn.send(new ValidateTemplateCommand({ TemplateBody }));
  expect(validated).toMatchObject({ Description: 'd', Parameters: declared });
  const summary = await cfn.send(new GetTemplateSummaryCommand({ TemplateBody }));
  expect(summary).toMatchObject({
    ResourceTypes: ['AWS::SQS::Queue'],
    Parameters: [{ ...declared[0], ParameterType: 'String' }],
  });
  await after(new CreateStackCommand({ StackName: 'kept', TemplateBody }));
  expect((await cfn.send(new GetTemplateCommand({ StackName: 'kept' }))).TemplateBody).toBe(TemplateBody);
});

test.each([
  [{ TimeoutInMinutes: 5 }, 'TimeoutInMinutes of a stack'],
  [{ NotificationARNs: ['arn:aws:sns:eu-west-1:000000000000:told'] }, 'topics that are told of a stack'],
  [{ StackPolicyBody: '{}' }, 'StackPolicyBody of a stack'],
  [
    { RollbackConfiguration: { RollbackTriggers: [{ Arn: 'a', Type: 'AWS::CloudWatch::Alarm' }] } },
    'alarms that roll a stack back',
  ],
])('what would change a deployment and is not modelled is refused: %j', async (more, what) => {
  const given = { StackName: 'refused', TemplateBody: template({ Q: queue() }), ...more };
  await expect(stacksOf(aws).cfn.send(new CreateStackCommand(given))).rejects.toThrow(
    `does not model ${what}`,
  );
});

test('a stack that is refused is none', async () => {
  const { cfn, described } = stacksOf(aws);
  const TemplateBody = template({ Q: queue({ DelaySeconds: { Ref: 'Missing' } }) });
  await expect(cfn.send(new CreateStackCommand({ StackName: 'none', TemplateBody }))).rejects.toThrow(
    'Unresolved resource dependencies [Missing]',
  );
  await expect(described('none')).rejects.toThrow('Stack with id none does not exist');
});

test('a template that lies in S3 may have a million bytes', async () => {
  const s3 = aws.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: 'large' }));
  const Body = template({ Q: queue() }, { Description: 'x'.repeat(1_000_000) });
  await s3.send(new PutObjectCommand({ Bucket: 'large', Key: 't.json', Body }));
  const TemplateURL = 'https://large.s3.eu-west-1.amazonaws.com/t.json';
  await expect(
    stacksOf(aws).cfn.send(new CreateStackCommand({ StackName: 'large', TemplateURL })),
  ).rejects.toThrow('Template may not exceed 1000000 bytes in size.');
});
