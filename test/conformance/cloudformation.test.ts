/** CloudFormation: as far as a deploy of the pipeline needs it. */
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { describe, expect } from 'vitest';
import { client, eventually, fact, named, RECORDED, refusal } from './fact.ts';

const GUIDE = 'https://docs.aws.amazon.com/AWSCloudFormation/latest';

const cloudformation = () => client(CloudFormationClient);
const described = async (StackName: string) =>
  (await cloudformation().send(new DescribeStacksCommand({ StackName }))).Stacks![0]!;
const settled = (name: string) =>
  eventually(async () => {
    const stack = await described(name);
    return stack.StackStatus!.endsWith('_IN_PROGRESS') ? undefined : stack;
  });

const template = (Resources: object, more: object = {}) => JSON.stringify({ Resources, ...more });
const QUEUE = { Queue: { Type: 'AWS::SQS::Queue' } };

async function stacked(TemplateBody: string) {
  const StackName = named('stack');
  await cloudformation().send(new CreateStackCommand({ StackName, TemplateBody }));
  return settled(StackName);
}

describe('a stack', () => {
  fact('that is not there is refused', RECORDED, async () => {
    const name = named('none');
    expect(await refusal(described(name))).toMatchObject({
      name: 'ValidationError',
      message: `Stack with id ${name} does not exist`,
    });
  });

  fact(
    'is made with physical names of its own, and gives its outputs',
    `${GUIDE}/UserGuide/resources-section-structure.html`,
    async () => {
      const Outputs = {
        Url: { Value: { Ref: 'Queue' } },
        Name: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } },
      };
      const { StackStatus, StackName, Outputs: outputs } = await stacked(template(QUEUE, { Outputs }));
      expect(StackStatus).toBe('CREATE_COMPLETE');
      const { Url, Name } = Object.fromEntries(
        outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      );
      expect(Name).toMatch(new RegExp(`^${StackName}-Queue-[A-Za-z0-9]{12}$`));
      expect(Url).toMatch(new RegExp(`/${Name}$`));
    },
  );

  fact('cannot be made twice', RECORDED, async () => {
    const TemplateBody = template(QUEUE);
    const { StackName } = await stacked(TemplateBody);
    const again = cloudformation().send(new CreateStackCommand({ StackName, TemplateBody }));
    expect(await refusal(again)).toMatchObject({
      name: 'AlreadyExistsException',
      message: `Stack [${StackName}] already exists`,
    });
  });

  fact('is not updated when nothing changes', RECORDED, async () => {
    const TemplateBody = template(QUEUE);
    const { StackName } = await stacked(TemplateBody);
    const update = cloudformation().send(new UpdateStackCommand({ StackName, TemplateBody }));
    expect(await refusal(update)).toMatchObject({
      name: 'ValidationError',
      message: 'No updates are to be performed.',
    });
  });

  fact('has no change set without changes', RECORDED, async () => {
    const TemplateBody = template(QUEUE);
    const { StackName } = await stacked(TemplateBody);
    const set = { StackName, ChangeSetName: named('set') };
    await cloudformation().send(new CreateChangeSetCommand({ ...set, TemplateBody }));
    const found = await eventually(async () => {
      const answer = await cloudformation().send(new DescribeChangeSetCommand(set));
      return answer.Status === 'FAILED' ? answer : undefined;
    });
    expect(found).toMatchObject({
      ExecutionStatus: 'UNAVAILABLE',
      StatusReason:
        "The submitted information didn't contain changes. Submit different information to create a change set.",
    });
  });

  fact(
    'is rolled back when a resource fails, and says which and why',
    `${GUIDE}/UserGuide/stack-failure-options.html`,
    async () => {
      const Bad = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 99_999 } };
      const { StackName, StackStatus } = await stacked(template({ ...QUEUE, Bad }));
      expect(StackStatus).toBe('ROLLBACK_COMPLETE');
      const { StackEvents } = await cloudformation().send(new DescribeStackEventsCommand({ StackName }));
      const failed = StackEvents!.find(
        ({ ResourceStatus, LogicalResourceId }) =>
          ResourceStatus === 'CREATE_FAILED' && LogicalResourceId === 'Bad',
      );
      expect(failed?.ResourceStatusReason).toMatch(/VisibilityTimeout/);
    },
  );
});

describe('a template', () => {
  for (const [name, body, message] of [
    [
      'that refers to what it has not',
      template({ Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { Ref: 'None' } } } }),
      'Template format error: Unresolved resource dependencies [None] in the Resources block of the template',
    ],
    ['without resources', '{}', 'Template format error: At least one Resources member must be defined.'],
    [
      'with a resource of no type',
      template({ Queue: {} }),
      'Template format error: [/Resources/Queue] Every Resources object must contain a Type member.',
    ],
  ] as const)
    fact(`${name} is refused`, RECORDED, async () => {
      const refused = cloudformation().send(new ValidateTemplateCommand({ TemplateBody: body }));
      expect(await refusal(refused)).toMatchObject({ name: 'ValidationError', message });
    });
});
