import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { PutIntegrationResponseCommand } from '@aws-sdk/client-api-gateway';
import { afterEach, expect, test } from 'vitest';
import { withRole } from '../iam/role.ts';
import { seenBy, recording } from '../lambda/fixture.ts';
import { invocationUri, permit, startApi, type Api } from './api.ts';

let aws: Api;
afterEach(() => aws.stop());

const FORM = { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" };
const arn = (place: string) => `arn:aws:apigateway:eu-west-1:${place}`;

/** A method whose integration is of type AWS; every answer is a 200 unless a pattern says otherwise. */
async function integrated(route: string, integration: object, patterns: Record<string, string> = {}) {
  await aws.route(route, {}, { type: 'AWS', integrationHttpMethod: 'POST', ...integration });
  const at = { restApiId: aws.restApiId, ...(await aws.place(route)) };
  for (const [statusCode, selectionPattern] of Object.entries({ 200: '', ...patterns }))
    await aws.gateway.send(new PutIntegrationResponseCommand({ ...at, statusCode, selectionPattern }));
}

/** A role for the gateway. */
const trusted = (statements: object[], Service = 'apigateway.amazonaws.com') =>
  withRole(aws, { name: 'gateway', trust: { Service }, statements });
const all = [{ Effect: 'Allow', Action: '*', Resource: '*' }];

async function queue() {
  const sqs = aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'q' }));
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] }),
    );
    return Messages;
  };
}

const toQueue = (credentials: string) => ({
  uri: arn('sqs:path/000000000000/q'),
  credentials,
  requestParameters: FORM,
  requestTemplates: {
    'application/json':
      "Action=SendMessage&MessageBody=$util.urlEncode($input.body)&MessageAttribute.1.Name=id&MessageAttribute.1.Value.StringValue=$util.urlEncode($input.params('id'))&MessageAttribute.1.Value.DataType=String",
  },
});

test('a request becomes a message in a queue', async () => {
  aws = await startApi();
  const received = await queue();
  await integrated('POST /orders/{id}', toQueue(await trusted(all)));
  await aws.publish();
  const body = '{"text":"50% & more"}';
  const { status, json } = await aws.call('/orders/a%20b', { method: 'POST', body });
  const [message] = await received();
  expect(message).toMatchObject({
    Body: body,
    MessageAttributes: { id: { DataType: 'String', StringValue: 'a%20b' } },
  });
  expect({ status, json }).toMatchObject({
    status: 200,
    json: {
      SendMessageResponse: {
        SendMessageResult: {
          MessageId: message!.MessageId,
          MD5OfMessageBody: message!.MD5OfBody,
          SequenceNumber: null,
        },
      },
    },
  });
});

test('a role that may not send, or that does not trust the gateway, sends nothing', async () => {
  aws = await startApi();
  const received = await queue();
  await integrated('POST /denied', toQueue(await trusted([])), { 403: '403' });
  await integrated('POST /foreign', toQueue(await withRole(aws, { name: 'foreign', statements: all })));
  await aws.publish();
  expect(await aws.call('/denied', { method: 'POST', body: '{}' })).toMatchObject({ status: 403 });
  expect(await aws.call('/foreign', { method: 'POST', body: '{}' })).toMatchObject({
    status: 500,
    json: { message: 'Internal server error' },
  });
  expect(await received()).toEqual([]);
});

test('a request becomes an event on a bus', async () => {
  aws = await startApi();
  const received = await queue();
  const events = aws.client(EventBridgeClient);
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  const rule = { Name: 'all', EventBusName: 'shop' };
  await events.send(new PutRuleCommand({ ...rule, EventPattern: '{"source":["web"]}' }));
  const role = await trusted(all);
  await withRole(aws, { name: 'rule', trust: { Service: 'events.amazonaws.com' }, statements: all });
  const RoleArn = 'arn:aws:iam::000000000000:role/rule';
  await events.send(
    new PutTargetsCommand({
      Rule: 'all',
      EventBusName: 'shop',
      Targets: [{ Id: 'q', Arn: 'arn:aws:sqs:eu-west-1:000000000000:q', RoleArn }],
    }),
  );
  await integrated('POST /orders', {
    uri: arn('events:action/PutEvents'),
    credentials: role,
    requestTemplates: {
      'application/json': String.raw`{"Entries":[{"Source":"web","EventBusName":"shop","DetailType":"$input.path('$.type')","Detail":"$util.escapeJavaScript($input.json('$.order')).replaceAll("\\'","'")"}]}`,
    },
  });
  await aws.publish();
  const { json } = await aws.call('/orders', {
    method: 'POST',
    body: '{"type":"placed","order":{"id":"it\'s"}}',
  });
  expect(json).toMatchObject({ FailedEntryCount: 0 });
  await aws.advance('1s');
  const [message] = await received();
  expect(JSON.parse(message!.Body!)).toMatchObject({ 'detail-type': 'placed', detail: { id: "it's" } });
});

test('a function is given what the template makes, and its answer or its error chooses the response', async () => {
  aws = await startApi();
  await aws.make(
    await recording("if (event.fail) throw new Error('not today: ' + event.fail); return { ok: true };"),
  );
  await permit(aws);
  const uri = invocationUri();
  const template = { 'application/json': '{"fail": $input.json(\'$.fail\'), "stage": "$context.stage"}' };
  await integrated('POST /orders', { uri, requestTemplates: template }, { 503: 'not today: .*' });
  await integrated('POST /passed', { uri, passthroughBehavior: 'WHEN_NO_MATCH' });
  await aws.publish();
  const post = (path: string, body: string) => aws.call(path, { method: 'POST', body });
  expect(await post('/orders', '{}')).toMatchObject({ status: 200, json: { ok: true } });
  expect(await post('/orders', '{"fail":"rain"}')).toMatchObject({
    status: 503,
    json: { errorMessage: 'not today: rain' },
  });
  expect(await post('/passed', '{"a":1}')).toMatchObject({ status: 200 });
  expect(await seenBy(aws)).toEqual([{ fail: '', stage: 'dev' }, { fail: 'rain', stage: 'dev' }, { a: 1 }]);
});

test('a program in Velocity, and services that are not modelled, are refused by name', async () => {
  aws = await startApi();
  const role = await trusted(all);
  await expect(integrated('GET /s3', { uri: arn('s3:path/b/k'), credentials: role })).rejects.toThrow(
    'does not model the integration arn:aws:apigateway:eu-west-1:s3:path/b/k',
  );
  await expect(integrated('GET /none', { uri: arn('events:action/PutEvents') })).rejects.toThrow(
    'Role ARN must be specified for AWS integrations',
  );
  await aws.stop();

  aws = await startApi();
  await integrated('POST /loop', {
    ...toQueue(await trusted(all)),
    requestTemplates: { 'application/json': '#set($a = 1)\nAction=SendMessage&MessageBody=$a' },
  });
  await aws.publish();
  expect(await aws.call('/loop', { method: 'POST', body: '{}' })).toMatchObject({
    status: 501,
    json: { message: expect.stringContaining('Velocity directives in mapping templates') as string },
  });
});
