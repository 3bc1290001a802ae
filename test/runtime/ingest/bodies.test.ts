import { afterAll, beforeEach, expect, test } from 'vitest';
import { MAX_BODY } from '../../../functions/runtime/ingest/body.ts';
import { refusals, startApi } from './gateway.ts';

const { rig, instance, clear } = await startApi();
const ask = instance();
const refusal = refusals(rig, ask);
beforeEach(clear);
afterAll(() => rig.stop());

test.each([null, '', ' \n'])('B18: %j is empty', async (body) => {
  expect(await refusal({ body })).toMatchObject({ status: 400, code: 'EMPTY_BODY' });
});

test.each([undefined, 'text/plain', 'application/xml', 'application/json; charset=latin1'])(
  'B19: of the type %s',
  async (type) => {
    const { status, code, headers } = await refusal({ headers: { 'Content-Type': type } });
    expect([status, code, headers['Accept-Post']]).toEqual([
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      'application/json',
    ]);
  },
);

test('B19: JSON that says it is UTF-8 is accepted', async () => {
  expect((await ask({ headers: { 'Content-Type': 'Application/JSON; charset="UTF-8"' } })).status).toBe(202);
});

test('B20: bytes that are no UTF-8, with the offset, as bytes and as the gateway has made them text', async () => {
  const bytes = Buffer.concat([Buffer.from('{"show":"Ä'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
  const bad = { status: 400, code: 'BAD_ENCODING', path: 'byte 11' };
  expect(await refusal({ body: bytes.toString('base64'), base64: true })).toMatchObject(bad);
  expect(await refusal({ body: bytes.toString('utf8') })).toMatchObject(bad);
  expect((await ask({ body: String.raw`{"show":"\ufffd","seats":1}` })).status).toBe(202);
});

test('B21, B22: a byte order mark, a cut text, something behind the end', async () => {
  for (const body of [
    '\ufeff{"show":"Hamlet","seats":2}',
    '{"show":"Hamlet"',
    '{"show":"Hamlet","seats":2}}',
  ])
    expect(await refusal({ body })).toMatchObject({
      status: 400,
      code: 'BAD_JSON',
      path: expect.stringMatching(/^line 1, column \d+$/),
    });
});

test('B23, B26: a key twice, a bracket too many', async () => {
  expect(await refusal({ body: '{"show":"Lear","seats":1,"seats":9}' })).toMatchObject({
    status: 400,
    code: 'DUPLICATE_KEY',
    path: 'data.seats',
  });
  expect(await refusal({ body: '['.repeat(200_000) })).toMatchObject({
    status: 400,
    code: 'TOO_DEEP',
    limit: 64,
  });
});

test('B24: over the limit by one byte, whatever Content-Length says, also as Base64', async () => {
  const sized = (bytes: number) => `{"show":"Hamlet","seats":2,"note":"${'ä'.repeat((bytes - 37) / 2)}"}`;
  expect(Buffer.byteLength(sized(MAX_BODY + 1))).toBe(MAX_BODY + 1);
  const long = sized(MAX_BODY + 1);
  const headers = { 'Content-Length': '10' };
  const tooLarge = { status: 413, code: 'BODY_TOO_LARGE', limit: MAX_BODY, actual: MAX_BODY + 1 };
  expect(await refusal({ body: long, headers })).toMatchObject(tooLarge);
  expect(await refusal({ body: Buffer.from(long).toString('base64'), base64: true })).toMatchObject(tooLarge);
  expect((await ask({ body: sized(MAX_BODY - 1) })).status).toBe(202);
});

test('B24: within the limit, but not in an item of the table once its numbers are written out', async () => {
  const body = `{"show":"Hamlet","seats":2,"note":[${Array.from({ length: 40_000 }, () => '1e15').join()}]}`;
  expect(await refusal({ body })).toMatchObject({ status: 413, code: 'EVT_TOO_LARGE', limit: 380_000 });
});

test('B25: compressed', async () => {
  const { status, code, headers } = await refusal({ headers: { 'Content-Encoding': 'gzip' } });
  expect([status, code, headers['Accept-Encoding']]).toEqual([415, 'UNSUPPORTED_CODING', 'identity']);
});

test('B16: not of the contract, with every fault at once and none of its values', async () => {
  const answer = await refusal({ body: '{"show":"CANARY-CANARY-CANARY-CANARY","seats":0}' });
  expect(answer).toMatchObject({
    status: 400,
    code: 'EVT_SCHEMA',
    faults: [
      { path: 'data.show', message: 'must be at most 20' },
      { path: 'data.seats', message: 'must be at least 1' },
    ],
  });
  expect(JSON.stringify(answer)).not.toContain('CANARY');
});

test.each([
  ['B01', '[1]', 'EVT_DETAIL_NOT_OBJECT'],
  ['B07', '{"show":"Lear","seats":9007199254740993}', 'EVT_UNSAFE_INTEGER'],
  ['B06', String.raw`{"show":"\ud800","seats":1}`, 'EVT_BAD_UNICODE'],
  ['B08', '{"show":"Lear","seats":1,"note":{"__proto__":{}}}', 'EVT_FORBIDDEN_KEY'],
])('%s: %s', async (_, body, code) => {
  expect(await refusal({ body })).toMatchObject({ status: 400, code });
});
