import { CreateIntegrationCommand, CreateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { startHttpApi, type HttpApi } from './api.ts';

let aws: HttpApi;
let role: string;
const QueueUrl = 'http://127.0.0.1:4566/000000000000/orders';
const queueArn = 'arn:aws:sqs:eu-west-1:000000000000:orders';
const json = { 'content-type': 'application/json' };

beforeAll(async () => {
  aws = await startHttpApi();
  const sqs = aws.client(SQSClient);
  await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }));
  role = await withRole(aws, {
    name: 'gateway',
    trust: { Service: 'apigateway.amazonaws.com' },
    statements: [
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn },
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: '*' },
    ],
  });
  await aws.stage({ StageVariables: { source: 'shop' } });
});
afterAll(() => aws.stop());

async function integrate(
  RouteKey: string,
  RequestParameters: Record<string, string>,
  IntegrationSubtype = 'SQS-SendMessage',
  CredentialsArn = role,
): Promise<void> {
  const { ApiId, gateway } = aws;
  const { IntegrationId } = await gateway.send(
    new CreateIntegrationCommand({
      ApiId,
      IntegrationType: 'AWS_PROXY',
      IntegrationSubtype,
      CredentialsArn,
      RequestParameters,
    }),
  );
  await gateway.send(new CreateRouteCommand({ ApiId, RouteKey, Target: `integrations/${IntegrationId}` }));
}

async function received() {
  const { Messages = [] } = await aws
    .client(SQSClient)
    .send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MaxNumberOfMessages: 10 }));
  return Messages;
}

test('a message is made of what the request says', async () => {
  await integrate('POST /orders/{id}', {
    QueueUrl,
    MessageBody: '$request.body.order.lines[1]',
    MessageAttributes:
      '{"Id":{"DataType":"String","StringValue":"${request.path.id}-${request.querystring.q}"},"By":{"DataType":"String","StringValue":"${request.header.x-by} ${stageVariables.source}"}}',
  });
  const body = JSON.stringify({ order: { lines: [1, { sku: 'a' }] } });
  const { status, headers, text } = await aws.call('/orders/7?q=1&q=2', {
    method: 'POST',
    headers: { ...json, 'X-By': 'me' },
    body,
  });
  expect([status, headers['content-type']]).toEqual([200, 'text/xml']);
  const [message] = await received();
  expect(text).toContain(
    `<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult>`,
  );
  expect(text).toContain(`<MessageId>${message!.MessageId}</MessageId>`);
  expect(message).toMatchObject({
    Body: '{"sku":"a"}',
    MessageAttributes: { Id: { StringValue: '7-1,2' }, By: { StringValue: 'me shop' } },
  });
});

test('a request without what the message needs is refused, and sends nothing', async () => {
  const nobody = await aws.call('/orders/7?q=1', {
    method: 'POST',
    headers: json,
    body: '{"order":{"lines":[1,2]}}',
  });
  expect([nobody.status, nobody.text]).toEqual([
    400,
    expect.stringContaining('Unable to resolve property MessageAttributes from source {'),
  ]);
  await integrate('POST /needs', { QueueUrl, MessageBody: '$request.body.MessageBody' });
  const { status, text } = await aws.call('/needs', { method: 'POST', headers: json, body: '{}' });
  expect([status, JSON.parse(text)]).toEqual([
    400,
    {
      message:
        'Unable to resolve property MessageBody from source $request.body.MessageBody. Please make sure that the request to API Gateway contains all the necessary fields specified in request parameters.',
    },
  ]);
  expect(await received()).toEqual([]);
});

test('what the service refuses is passed on; a role that does not trust the gateway is an error behind it', async () => {
  const missing = QueueUrl.replace('orders', 'none');
  await integrate('POST /denied', { QueueUrl: missing, MessageBody: '$request.body' });
  const denied = await aws.call('/denied', { method: 'POST', body: 'x' });
  expect([denied.status, denied.text]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code>')]);
  const parameters = { QueueUrl, MessageBody: '$request.body' };
  const strange = await withRole(aws, { name: 'strange' });
  await integrate('POST /strange', parameters, 'SQS-SendMessage', strange);
  expect(await aws.call('/strange', { method: 'POST', body: 'x' })).toMatchObject({
    status: 500,
    text: '{"message":"Internal Server Error"}',
  });
});

test('an event is published, and what becomes of it is answered', async () => {
  const events = aws.client(EventBridgeClient);
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  await events.send(
    new PutRuleCommand({ Name: 'all', EventBusName: 'shop', EventPattern: '{"source":["web"]}' }),
  );
  await events.send(
    new PutTargetsCommand({ Rule: 'all', EventBusName: 'shop', Targets: [{ Id: 'q', Arn: queueArn }] }),
  );
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: '*',
      },
    ],
  });
  await aws.client(SQSClient).send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const given = { Detail: '$request.body', DetailType: '$request.header.x-type', Source: 'web' };
  await integrate(
    'POST /events',
    { ...given, EventBusName: 'shop', Resources: '["${context.apiId}"]' },
    'EventBridge-PutEvents',
  );
  const { status, text } = await aws.call('/events', {
    method: 'POST',
    headers: { ...json, 'x-type': 'Placed' },
    body: '{"n":1}',
  });
  const answer = JSON.parse(text) as { Entries: { EventId: string }[] };
  expect([status, answer]).toEqual([
    200,
    { FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] },
  ]);
  await aws.advance('1s');
  const [message] = await received();
  expect(JSON.parse(message!.Body!)).toMatchObject({
    id: answer.Entries[0]!.EventId,
    'detail-type': 'Placed',
    source: 'web',
    resources: [aws.ApiId],
    detail: { n: 1 },
  });
});

const parameters = { QueueUrl, MessageBody: '$request.body' };
test.each<[Record<string, string>, string]>([
  [{ QueueUrl }, 'MessageBody is a required parameter for SQS-SendMessage'],
  [{ ...parameters, Colour: 'red' }, 'Colour is not a parameter of SQS-SendMessage'],
  [
    { ...parameters, MessageAttributes: '{"a":{}}' },
    'Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: {"a":{}} specified for destination: MessageAttributes]',
  ],
  [
    { ...parameters, MessageBody: '$request.body..a' },
    'Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: $request.body..a specified for destination: MessageBody]',
  ],
])('the parameters %o are refused', async (wrong, message) => {
  await expect(integrate('POST /wrong', wrong)).rejects.toMatchObject({
    name: 'BadRequestException',
    message,
  });
});
