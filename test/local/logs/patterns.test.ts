import { CloudWatchLogsClient, TestMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs';
import { FilterPattern } from 'aws-cdk-lib/aws-logs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let logs: CloudWatchLogsClient;
beforeAll(async () => {
  aws = await startLocal();
  logs = aws.client(CloudWatchLogsClient);
});
afterAll(() => aws.stop());

async function matched(filterPattern: string, ...logEventMessages: string[]): Promise<number[]> {
  const { matches } = await logs.send(new TestMetricFilterCommand({ filterPattern, logEventMessages }));
  return matches!.map(({ eventNumber }) => eventNumber!);
}

describe('terms', () => {
  const lines = [
    '[ERROR 400] BAD REQUEST',
    '[ERROR 401] UNAUTHORIZED REQUEST',
    '[WARN] Failed',
    'fine: "day"',
  ];
  test.each([
    ['', [1, 2, 3, 4]],
    ['ERROR', [1, 2]],
    ['ERROR REQUEST -BAD', [2]],
    ['"ERROR 400"', [1]],
    ['?BAD ?WARN', [1, 3]],
    ['REQUEST ?BAD', [1, 2]],
    ['"fine: \\"day\\""', [4]],
    ['%AUTHORIZED%', [2]],
    ['%ERROR 40[1-9]|^fine%', [2, 4]],
    [FilterPattern.anyTerm('BAD', 'WARN').logPatternString, [1, 3]],
    [FilterPattern.allTerms('ERROR', '401').logPatternString, [2]],
  ])('%s', async (pattern, found) => {
    expect(await matched(pattern, ...lines)).toEqual(found);
  });
});

describe('conditions on JSON', () => {
  const event = JSON.stringify({
    eventType: 'UpdateTrail',
    sourceIPAddress: '111.111.111.111',
    arrayKey: ['value', 'another value'],
    objectList: [{ name: 'a', id: 1 }, { id: 2 }],
    SomeObject: null,
    ThisFlag: true,
    someInt: 123,
    latency: 1500,
  });
  test.each([
    '{ $.eventType = "UpdateTrail" }',
    '{$.eventType=Update*}',
    '{ $.eventType = %[Tt]rail$% }',
    '{ $.sourceIPAddress != 123.123.* }',
    '{ $.sourceIPAddress != 111*111 }',
    '{ $.arrayKey[0] = "value" }',
    '{ $.arrayKey[*] = "another value" }',
    '{ $.objectList[1].id = 2 }',
    '{ $.SomeObject IS NULL }',
    '{ $.ThisFlag IS TRUE && $.none NOT EXISTS && $.arrayKey EXISTS }',
    '{ $.someInt = "1*" && $.someInt = 123.0 && $.someInt > +1e2 }',
    '{ $.eventType = "x" || $.someInt <= 123 && $.latency >= 1500 }',
    FilterPattern.all(
      FilterPattern.stringValue('$.eventType', '=', 'UpdateTrail'),
      FilterPattern.any(
        FilterPattern.booleanValue('$.none', true),
        FilterPattern.numberValue('$.latency', '>', 1000),
      ),
      FilterPattern.exists('$.someInt'),
    ).logPatternString,
  ])('%s', async (pattern) => {
    expect(await matched(pattern, event, `INFO ${event}`, '{}')).toEqual([1]);
  });

  test.each([
    '{ $.none != "x" }',
    '{ $.arrayKey = "value" }',
    '{ $.arrayKey != "value" }',
    '{ $.someInt != "123" }',
    '{ $.eventType > 1 }',
    '{ ($.eventType = "x" || $.someInt = 123) && $.latency < 1500 }',
  ])('%s matches nothing here', async (pattern) => {
    expect(await matched(pattern, event)).toEqual([]);
  });
});

describe('space-delimited events', () => {
  const line = (request: string, status: number) =>
    `127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "${request}" ${status} 1534`;
  const lines = [
    line('GET /a.gif HTTP/1.0', 200),
    line('GET /index.html HTTP/1.0', 404),
    'three short words',
  ];
  test.each([
    ['[ip, id, user, timestamp, request, status, bytes]', [1, 2]],
    ['[..., status = 4*, bytes]', [2]],
    ['[ip, ..., status >= 200 && status < 300, bytes = 1534]', [1]],
    ['[ip, id, user, timestamp, request = *html*, status = 404 || status = 403, bytes]', [2]],
    ['[first, ...]', [1, 2, 3]],
    ['[w1 = three || w1 = four, w2 = "short", w3 = %^w%]', [3]],
    [
      FilterPattern.spaceDelimited('ip', '...', 'request', 'status', 'bytes')
        .whereString('request', '=', 'GET*')
        .whereNumber('status', '=', 404).logPatternString,
      [2],
    ],
  ])('%s', async (pattern, found) => {
    expect(await matched(pattern, ...lines)).toEqual(found);
  });

  test('give the values of their fields, nameless ones by their place', async () => {
    const { matches } = await logs.send(
      new TestMetricFilterCommand({
        filterPattern: '[..., request=*.html*, status_code=4*,]',
        logEventMessages: lines,
      }),
    );
    expect(matches).toEqual([
      {
        eventNumber: 2,
        eventMessage: lines[1],
        extractedValues: {
          $1: '127.0.0.1',
          $2: '-',
          $3: 'frank',
          $4: '10/Oct/2000:13:25:15 -0700',
          $request: 'GET /index.html HTTP/1.0',
          $status_code: '404',
          $7: '1534',
        },
      },
    ]);
  });
});

test.each([
  ['Status: timeout', "Invalid character(s) in term ':'"],
  ['%a(b)%', "Invalid character(s) in term '('"],
  ['{ $.n >= "x" }', `Invalid character(s) in term '"x"'`],
  ['{ $.n = }', 'Invalid metric filter pattern'],
  ['{ n = 1 }', 'Invalid metric filter pattern'],
  ['{ ($.n = 1 }', 'Invalid metric filter pattern'],
  ['[a, b', 'Invalid metric filter pattern'],
  ['[..., a, ...]', 'Invalid metric filter pattern'],
])('the pattern %s is refused', async (pattern, message) => {
  await expect(matched(pattern, 'x')).rejects.toMatchObject({ name: 'InvalidParameterException', message });
});
