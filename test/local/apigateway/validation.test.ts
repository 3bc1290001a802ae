import {
  CreateModelCommand,
  CreateRequestValidatorCommand,
  PutGatewayResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startApi, type Api } from './api.ts';

let aws: Api;

const NEVER = { passthroughBehavior: 'NEVER' } as const;

/** An API with models, a validator, and a refusal that tells all. Returns the id of the validator. */
async function start(models: Record<string, object>): Promise<string> {
  aws = await startApi();
  const { gateway, restApiId } = aws;
  for (const [name, schema] of Object.entries(models))
    await gateway.send(
      new CreateModelCommand({
        restApiId,
        name,
        contentType: 'application/json',
        schema: JSON.stringify(schema).replaceAll('API', restApiId),
      }),
    );
  await gateway.send(
    new PutGatewayResponseCommand({
      restApiId,
      responseType: 'BAD_REQUEST_BODY',
      responseTemplates: {
        'application/json':
          '{"message":$context.error.messageString,"found":$context.error.validationErrorString}',
      },
    }),
  );
  const { id } = await gateway.send(
    new CreateRequestValidatorCommand({
      restApiId,
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  );
  return id!;
}

/** `POST /orders/{id}` with a model and whatever else is asked of it. */
async function validating(schema: object, method: object = {}) {
  const requestValidatorId = await start({ Line: { type: 'object', required: ['sku'] }, Order: schema });
  const requestModels = { 'application/json': 'Order' };
  await aws.route('POST /orders/{id}', { requestValidatorId, requestModels, ...method }, NEVER);
  await aws.publish();
}

const found = async (body: unknown, path = '/orders/7'): Promise<unknown> => {
  const { json } = await aws.call(path, { method: 'POST', body: JSON.stringify(body) });
  return json?.found;
};

describe('a body that the model refuses is told so in the words of AWS', () => {
  const CASES: [schema: object, body: unknown, expected: string][] = [
    [{ required: ['a', 'b'] }, {}, 'object has missing required properties (["a","b"])'],
    [
      { properties: { a: { type: 'number' } } },
      { a: 'x' },
      'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
    ],
    [
      { properties: { a: { type: 'integer' } } },
      { a: 1.5 },
      'instance type (number) does not match any allowed primitive type (allowed: ["integer"])',
    ],
    [
      { properties: { a: { enum: ['x', 'y'] } } },
      { a: 'z' },
      'instance value ("z") not found in enum (possible values: ["x","y"])',
    ],
    [
      { properties: { a: { minLength: 2 } } },
      { a: 'é' },
      'string "é" is too short (length: 1, required minimum: 2)',
    ],
    [
      { properties: { a: { maxLength: 2 } } },
      { a: 'abc' },
      'string "abc" is too long (length: 3, maximum allowed: 2)',
    ],
    [
      { properties: { a: { pattern: '^a$' } } },
      { a: 'b' },
      'ECMA 262 regex "^a$" does not match input string "b"',
    ],
    [
      { properties: { a: { minimum: 1 } } },
      { a: 0 },
      'numeric instance is lower than the required minimum (minimum: 1, found: 0)',
    ],
    [
      { properties: { a: { minimum: 1, exclusiveMinimum: true } } },
      { a: 1 },
      'numeric instance is not strictly greater than the required minimum 1',
    ],
    [
      { properties: { a: { maximum: 1 } } },
      { a: 2 },
      'numeric instance is greater than the required maximum (maximum: 1, found: 2)',
    ],
    [
      { properties: { a: { maximum: 1, exclusiveMaximum: true } } },
      { a: 1 },
      'numeric instance is not strictly lower than the required maximum 1',
    ],
    [{ properties: { a: { multipleOf: 2 } } }, { a: 3 }, 'remainder of division is not zero (3 / 2)'],
    [
      { properties: { a: { minItems: 1 } } },
      { a: [] },
      'array is too short: must have at least 1 elements but instance has 0 elements',
    ],
    [
      { properties: { a: { maxItems: 1 } } },
      { a: [1, 2] },
      'array is too long: must have at most 1 elements but instance has 2 elements',
    ],
    [
      { properties: { a: { uniqueItems: true } } },
      { a: [1, 1] },
      'array must not contain duplicate elements',
    ],
    [{ minProperties: 1 }, {}, 'object has too few properties (found 0 but schema requires at least 1)'],
    [
      { maxProperties: 1 },
      { a: 1, b: 2 },
      'object has too many properties (found 2 but schema requires at most 1)',
    ],
    [
      { additionalProperties: false },
      { a: 1, b: 2 },
      'object instance has properties which are not allowed by the schema: ["a","b"]',
    ],
    [
      { anyOf: [{ type: 'string' }, { type: 'array' }] },
      {},
      'instance failed to match at least one required schema among 2',
    ],
    [{ oneOf: [{}, {}] }, {}, 'instance failed to match exactly one schema (matched 2 out of 2)'],
    [{ not: {} }, {}, 'instance matched a schema which it should not have'],
    [{ properties: { a: { format: 'email' } } }, { a: 'me' }, 'string "me" is not a valid email address'],
  ];
  const named = CASES.map(([schema, body, expected], i) => ({ name: `M${i}`, schema, body, expected }));

  beforeAll(async () => {
    const requestValidatorId = await start(
      Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
    );
    for (const { name } of named)
      await aws.route(`POST /${name}`, { requestValidatorId, requestModels: { 'application/json': name } });
    await aws.publish();
  }, 60_000);
  afterAll(() => aws.stop());

  test.each(named)('$schema', async ({ name, body, expected }) => {
    expect(await found(body, `/${name}`)).toBe(`[${expected}]`);
  });
});

describe('a method with a validator', () => {
  afterEach(() => aws.stop());

  test('a model may refer to another', async () => {
    const $ref = 'https://apigateway.amazonaws.com/restapis/API/models/Line';
    await validating({ type: 'array', items: { $ref } });
    expect(await found([{ sku: 1 }, {}])).toBe('[object has missing required properties (["sku"])]');
    expect(await aws.call('/orders/7', { method: 'POST', body: '[{"sku":1}]' })).toMatchObject({
      status: 200,
    });
  });

  test('a body that is no JSON is refused; none at all is an empty object', async () => {
    await validating({ type: 'object' });
    const call = (body: string) => aws.call('/orders/7', { method: 'POST', body });
    expect(await call('{')).toMatchObject({ status: 400, json: { message: 'Invalid request body' } });
    expect(await call('')).toMatchObject({ status: 200 });
  });

  test('a body of a type that no model is for passes unseen', async () => {
    await validating({ required: ['a'] });
    const call = (type: string) =>
      aws.call('/orders/7', { method: 'POST', body: '{}', headers: { 'Content-Type': type } });
    expect(await call('application/json; charset=utf-8')).toMatchObject({ status: 400 });
    expect(await call('text/plain')).toMatchObject({ status: 415 }); // by the mock, which passes nothing through
  });

  test('parameters that are required must be there and not be blank', async () => {
    const requestParameters = {
      'method.request.querystring.qs1': true,
      'method.request.path.id': true,
      'method.request.header.X-One': true,
      'method.request.header.X-Two': false,
    };
    await validating({}, { requestParameters });
    const call = (query: string, one?: string) =>
      aws.call(`/orders/7${query}`, { method: 'POST', headers: one === undefined ? {} : { 'x-one': one } });
    expect(await call('')).toMatchObject({
      status: 400,
      headers: { 'x-amzn-errortype': 'BadRequestException' },
      text: '{"message":"Missing required request parameters: [X-One, qs1]"}',
    });
    expect((await call('?qs1=1', ' ')).json.message).toBe('Missing required request parameters: [X-One]');
    expect(await call('?qs1=1', '1')).toMatchObject({ status: 200 });
  });

  test.each([
    ['keywords of later drafts', { properties: { a: { const: 1 } } }],
    ['an empty list of required members', { required: [] }],
    ['a bound as later drafts have it', { properties: { a: { exclusiveMinimum: 1 } } }],
    ['the same value twice', { enum: ['A', 'A'] }],
  ])('%s make no model, as on AWS', async (_what, schema) => {
    await expect(validating(schema)).rejects.toThrow(
      'Invalid model specified: Validation Result: warnings : [], errors : [Invalid model schema specified',
    );
  });
});
