import type { Target } from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => void (aws = await eventing()));
afterEach(() => aws.stop());

const detail = {
  command: 'update',
  payload: { acc_id: '0a787ecb-4015', sf_id: 'baz' },
  one: ['HIGH'],
  many: ['ACTIVE', 'INACTIVE'],
  valid: true,
  lines: [{ sku: 'A' }, { sku: 'B' }],
};

/** What arrives in the queue of a target that is shaped like this. */
async function arrives(shape: Omit<Target, 'Id' | 'Arn'>): Promise<string[]> {
  const queue = await aws.queue('q');
  await aws.rule({ Name: 'r' }, { Arn: queue, ...shape });
  await aws.put({ Detail: JSON.stringify(detail) });
  return aws.bodies(queue);
}

test('Input replaces the event', async () => {
  expect(await arrives({ Input: '{"custom":  "input"}' })).toEqual(['{"custom":  "input"}']);
});

describe('InputPath selects', () => {
  test.for([
    ['$.detail.payload', '{"acc_id":"0a787ecb-4015","sf_id":"baz"}'],
    ['$.detail.payload.sf_id', '"baz"'],
    ['$.detail.lines[1].sku', '"B"'],
    ['$.detail.lines[*].sku', '["A","B"]'],
    ["$.detail['valid']", 'true'],
    ['$.detail-type', '"t"'],
    ['$.detail.nowhere', 'null'],
  ])('%s', async ([InputPath, expected]) => {
    expect(await arrives({ InputPath })).toEqual([expected]);
  });
});

const InputPathsMap = {
  userId: '$.detail.payload.acc_id',
  payload: '$.detail.payload',
  missing: '$.detail.nowhere',
  one: '$.detail.one',
  many: '$.detail.many',
  valid: '$.detail.valid',
};

describe('InputTransformer renders', () => {
  test.for([
    [
      '{"id": <userId>, "body": <payload>, "valid": <valid>}',
      '{"id": "0a787ecb-4015", "body": {"acc_id":"0a787ecb-4015","sf_id":"baz"}, "valid": true}',
    ],
    ['{"path": "users/<userId>/second/<userId>"}', '{"path": "users/0a787ecb-4015/second/0a787ecb-4015"}'],
    ['{"list": [<userId>, "fixed"], "one": <one>}', '{"list": ["0a787ecb-4015", "fixed"], "one": ["HIGH"]}'],
    ['{"missing": <missing>, "within": "<missing>"}', '{"missing": "", "within": ""}'],
    [
      '"Payload of <payload> with <userId>, valid: <valid>"',
      '"Payload of {acc_id:0a787ecb-4015,sf_id:baz} with 0a787ecb-4015, valid: true"',
    ],
    ['"<one> and <many>"', '"[HIGH] and [ACTIVE,INACTIVE]"'],
    ['"before <missing>after"', '"before after"'],
    ['"{[/starts specially <userId>"', '"{[/starts specially 0a787ecb-4015"'],
    ['"<one> one"\n"<userId> two"', '"[HIGH] one"\n"0a787ecb-4015 two"'],
    ['"<aws.events.rule-name> <aws.events.event.ingestion-time>"', '"r 2030-01-01T00:00:00Z"'],
    ['{"arn": <aws.events.rule-arn>}', '{"arn": "arn:aws:events:eu-west-1:000000000000:rule/r"}'],
  ])('%s', async ([InputTemplate, expected]) => {
    expect(await arrives({ InputTransformer: { InputPathsMap, InputTemplate } })).toEqual([expected]);
  });

  test('the whole event, and the event without its detail', async () => {
    const InputTemplate = '{"event": <aws.events.event>, "json": <aws.events.event.json>}';
    const [body] = await arrives({ InputTransformer: { InputTemplate } });
    const { event, json } = JSON.parse(body!) as { event: object; json: { id: string } };
    expect(Object.entries(event)).toEqual([
      ['id', json.id],
      ['account', '000000000000'],
      ['detailType', 't'],
      ['time', '2030-01-01T00:00:00Z'],
      ['source', 'shop'],
      ['region', 'eu-west-1'],
      ['resources', []],
      ['version', '0'],
    ]);
    expect(json).toMatchObject({ version: '0', 'detail-type': 't', detail });
  });
});

describe('what is no JSON after its transformation is not delivered, but dead-lettered (F19)', () => {
  test.for(['{"payload": "<payload>"}', '{"one": "<one>"}', '<one> single list item'])(
    '%s',
    async (InputTemplate) => {
      const queue = await aws.queue('q');
      const dead = await aws.queue('dead');
      await aws.rule(
        { Name: 'r' },
        { Arn: queue, InputTransformer: { InputPathsMap, InputTemplate }, DeadLetterConfig: { Arn: dead } },
      );
      await aws.put({ Detail: JSON.stringify(detail) });
      expect(await aws.bodies(queue)).toEqual([]);
      const [letter] = await aws.received(dead);
      expect(letter!.MessageAttributes!['ERROR_CODE']!.StringValue).toBe('INVALID_JSON');
      expect(JSON.parse(letter!.Body!)).toMatchObject({ source: 'shop', detail });
    },
  );
});

describe('PutTargets refuses', () => {
  test('a placeholder that no path defines', async () => {
    await expect(
      arrives({ InputTransformer: { InputPathsMap, InputTemplate: '"<userId> <unknown>"' } }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'InputTemplate for target t0 contains invalid placeholder unknown.',
    });
  });

  test('two ways of shaping at once', async () => {
    await expect(arrives({ InputPath: '$.detail', Input: '{}' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Only one of Input, InputPath, or InputTransformer must be provided for target t0.',
    });
  });
});
