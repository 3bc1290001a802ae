import { DescribeApiDestinationCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreatePipeCommand, PipesClient } from '@aws-sdk/client-pipes';
import * as SQS from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { connect, destine } from '../events/endpoint.ts';
import { withRole } from '../iam/role.ts';
import { startKept, type Kept } from './killed.ts';

const sqs = (aws: Kept) => aws.client(SQS.SQSClient);
const arn = (queue: string) => `arn:aws:sqs:eu-west-1:000000000000:${queue}`;
const url = (queue: string) => `http://127.0.0.1:4566/000000000000/${queue}`;

test('a pipe goes on in the next process', async () => {
  const aws = await startKept();
  for (const QueueName of ['source', 'target'])
    await sqs(aws).send(new SQS.CreateQueueCommand({ QueueName }));
  const RoleArn = await withRole(aws, {
    trust: { Service: 'pipes.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
  });
  const SourceParameters = { FilterCriteria: { Filters: [{ Pattern: '{"body":{"n":[2]}}' }] } };
  await aws.client(PipesClient).send(
    new CreatePipeCommand({
      Name: 'p',
      RoleArn,
      Source: arn('source'),
      Target: arn('target'),
      SourceParameters,
    }),
  );
  const next = await aws.killed();
  for (const MessageBody of ['{"n":1}', '{"n":2}'])
    await sqs(next).send(new SQS.SendMessageCommand({ QueueUrl: url('source'), MessageBody }));
  await next.advance('1s');
  const { Messages = [] } = await sqs(next).send(
    new SQS.ReceiveMessageCommand({ QueueUrl: url('target'), MaxNumberOfMessages: 10 }),
  );
  expect(Messages.map(({ Body = '' }) => (JSON.parse(Body) as { body: string }).body)).toEqual(['{"n":2}']);
});

test('an API destination and its connection are there in the next process', async () => {
  const aws = await startKept();
  const events = aws.client(EventBridgeClient);
  const ConnectionArn = await connect(events);
  await destine(events, { ConnectionArn, InvocationEndpoint: 'https://example.com/' });
  const next = await aws.killed();
  expect(
    await next.client(EventBridgeClient).send(new DescribeApiDestinationCommand({ Name: 'd' })),
  ).toMatchObject({ ConnectionArn, ApiDestinationState: 'ACTIVE' });
});
