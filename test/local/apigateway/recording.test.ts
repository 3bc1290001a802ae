import { request } from 'node:http';
import { UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test } from 'vitest';
import { startApi, startEcho, permit, type Api } from './api.ts';

let aws: Api;
afterEach(() => aws.stop());

const messages = async (logGroupName: string): Promise<string[]> => {
  const { events = [] } = await aws
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName }));
  return events.map(({ message }) => message!);
};

const allowLogs = () =>
  aws.gateway.send(
    new UpdateAccountCommand({
      patchOperations: [
        { op: 'replace', path: '/cloudwatchRoleArn', value: 'arn:aws:iam::000000000000:role/logs' },
      ],
    }),
  );

test('every request is measured by API and stage', async () => {
  aws = await startApi();
  await aws.make(
    'exports.handler = async () => { await new Promise((r) => setTimeout(r, 250)); return {}; };',
  );
  await permit(aws);
  await aws.toFunction('GET /orders');
  await aws.publish();
  await aws.call('/orders');
  await aws.call('/elsewhere');
  const metric = async (MetricName: string, Dimensions: object[]) => {
    const { Datapoints = [] } = await aws.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/ApiGateway',
        MetricName,
        Dimensions: Dimensions as never,
        Period: 60,
        StartTime: new Date('2030-01-01'),
        EndTime: new Date('2030-01-02'),
        Statistics: ['Sum', 'SampleCount', 'Maximum'],
      }),
    );
    return Datapoints[0];
  };
  const ofApi = [{ Name: 'ApiName', Value: 'shop' }];
  const ofStage = [...ofApi, { Name: 'Stage', Value: 'dev' }];
  for (const dimensions of [ofApi, ofStage]) {
    expect(await metric('Count', dimensions)).toMatchObject({ Sum: 2 });
    expect(await metric('4XXError', dimensions)).toMatchObject({ Sum: 1, SampleCount: 2 });
    expect(await metric('5XXError', dimensions)).toMatchObject({ Sum: 0, SampleCount: 2 });
    expect(await metric('IntegrationLatency', dimensions)).toMatchObject({ Maximum: 250, SampleCount: 1 });
    expect(await metric('Latency', dimensions)).toMatchObject({ Maximum: 250, SampleCount: 2 });
  }
});

test('detailed metrics are by method, where they are switched on', async () => {
  aws = await startApi();
  await aws.route('GET /a');
  await aws.route('GET /b');
  await aws.publish();
  await aws.setStage([{ op: 'replace', path: '/~1a/GET/metrics/enabled', value: 'true' }]);
  await aws.call('/a');
  await aws.call('/b');
  const { Metrics = [] } = await aws.client(CloudWatchClient).send(
    new ListMetricsCommand({
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Count',
      Dimensions: [{ Name: 'Resource' }],
    }),
  );
  expect(Metrics.map(({ Dimensions = [] }) => Dimensions.map(({ Value }) => Value))).toEqual([
    ['shop', 'GET', '/a', 'dev'],
  ]);
});

test('logs need a role of the account', async () => {
  aws = await startApi();
  await aws.route('GET /a');
  await aws.publish();
  const switchOn = () => aws.setStage([{ op: 'replace', path: '/*/*/logging/loglevel', value: 'INFO' }]);
  await expect(switchOn()).rejects.toThrow(
    'CloudWatch Logs role ARN must be set in account settings to enable logging',
  );
  await allowLogs();
  await switchOn();
  const { headers } = await aws.call('/a');
  const id = String(headers['x-amzn-requestid']);
  expect(await messages(`API-Gateway-Execution-Logs_${aws.restApiId}/dev`)).toEqual([
    `(${id}) Extended Request Id: ${String(headers['x-amz-apigw-id'])}`,
    `(${id}) Starting execution for request: ${id}`,
    `(${id}) HTTP Method: GET, Resource Path: /a`,
    `(${id}) Successfully completed execution`,
    `(${id}) Method completed with status: 200`,
  ]);
});

test('the access log has what its format asks for, and a dash for what is not there', async () => {
  aws = await startEcho();
  await aws.publish();
  await allowLogs();
  const format =
    '$context.httpMethod $context.resourcePath $context.path $context.status $context.responseLength $context.error.responseType $context.integrationLatency $context.identity.apiKeyId [$context.requestTime]';
  await aws.setStage([
    {
      op: 'replace',
      path: '/accessLogSettings/destinationArn',
      value: 'arn:aws:logs:eu-west-1:000000000000:log-group:access',
    },
    { op: 'replace', path: '/accessLogSettings/format', value: format },
  ]);
  const { text } = await aws.call('/a');
  const refused = await aws.call('/', { method: 'FOO' });
  expect(await messages('access')).toEqual([
    `GET /{proxy+} /dev/a 200 ${text.length} - 0 - [01/Jan/2030:00:00:00 +0000]`,
    `FOO - /dev/ 403 ${refused.text.length} MISSING_AUTHENTICATION_TOKEN - - [01/Jan/2030:00:00:00 +0000]`,
  ]);
});

test('over a socket, headers keep their case and their number', async () => {
  aws = await startEcho(
    {},
    '({ multiValueHeaders: { "set-cookie": ["a=1", "b=2"] }, body: JSON.stringify(event.multiValueHeaders) })',
  );
  await aws.publish();
  const { port } = new URL(await aws.listen(0));
  const host = `${aws.restApiId}.execute-api.eu-west-1.amazonaws.com`;
  const { body, cookies } = await new Promise<{ body: string; cookies: unknown }>((resolve, reject) => {
    const sent = request(
      { port, path: '/dev/x', headers: { Host: host, 'X-Many': ['1', '2'] } },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve({ body, cookies: response.headers['set-cookie'] }));
      },
    );
    sent.on('error', reject);
    sent.end();
  });
  expect(JSON.parse(body)).toMatchObject({ Host: [host], 'X-Many': ['1', '2'] });
  expect(cookies).toEqual(['a=1', 'b=2']);
});
