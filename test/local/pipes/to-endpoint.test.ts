import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, destine, endpoint } from '../events/endpoint.ts';
import { withRole } from '../iam/role.ts';
import { piping } from './piping.ts';

let there: Awaited<ReturnType<typeof endpoint>>;
beforeAll(async () => {
  there = await endpoint();
});
afterAll(() => there.close());

let aws: Awaited<ReturnType<typeof piping>>;
let source: string;
let destination: string;
beforeEach(async () => {
  Object.assign(there, { seen: [], answers: [{ status: 200 }] });
  aws = await piping();
  source = await aws.queue('source', { VisibilityTimeout: '30' });
  destination = await destine(aws.events, {
    ConnectionArn: await connect(aws.events),
    InvocationEndpoint: `${there.url}/orders/*`,
  });
});
afterEach(() => aws.stop());

test('an endpoint gets one request for each message, with the key of its connection', async () => {
  await aws.pipe({
    Source: source,
    Target: destination,
    TargetParameters: {
      InputTemplate: '{"order":<$.body.id>}',
      HttpParameters: {
        PathParameterValues: ['$.body.id'],
        HeaderParameters: { 'x-kind': 'order' },
        QueryStringParameters: { n: '$.body.n' },
      },
    },
  });
  await aws.send(source, { id: 'a', n: 1 }, { id: 'b', n: 2 });
  await aws.advance('1s');
  expect(there.seen.map(({ url, body }) => [url, body])).toEqual([
    ['/orders/a?n=1', '{"order":"a"}'],
    ['/orders/b?n=2', '{"order":"b"}'],
  ]);
  expect(there.seen[0]).toMatchObject({
    method: 'POST',
    headers: { 'x-api-key': 'secret', 'x-kind': 'order' },
  });
  await aws.advance('1h');
  expect(there.seen).toHaveLength(2);
});

test('a message that an endpoint does not take comes again', async () => {
  there.answers = [{ status: 400 }, { status: 503 }, { status: 200 }];
  await aws.pipe({ Source: source, Target: destination });
  await aws.send(source, 'x');
  await aws.advance('1h');
  expect(there.seen).toHaveLength(3);
});

test('a pipe needs a role that may invoke the destination, and batches of one', async () => {
  const RoleArn = await withRole(aws, {
    name: 'weak',
    trust: { Service: 'pipes.amazonaws.com' },
    statements: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }],
  });
  const SqsQueueParameters = { BatchSize: 2 };
  await expect(
    aws.pipe({ Source: source, Target: destination, SourceParameters: { SqsQueueParameters } }),
  ).rejects.toMatchObject({ name: 'ValidationException' });
  await aws.pipe({ Source: source, Target: destination, RoleArn });
  await aws.send(source, 'x');
  await aws.advance('1m');
  expect(there.seen).toEqual([]);
});
