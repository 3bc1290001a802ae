import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { intercepted } from '../rig.ts';
import { CLIENTS, refusals, startApi } from './gateway.ts';

const { rig, instance, clear } = await startApi();
const ask = instance();
const refusal = refusals(rig, ask);
beforeEach(clear);
afterAll(() => rig.stop());

describe('a request that is accepted', () => {
  test('F05, F06: is in the outbox, whole, before it is answered', async () => {
    const { status, body } = await ask();
    expect(status).toBe(202);
    const [command, ...more] = await rig.outbox();
    expect(more).toEqual([]);
    expect(body).toEqual({ id: command!.id, type: 'seat.book' });
    expect(command).toMatchObject({
      type: 'seat.book',
      data: { show: 'Hamlet', seats: 2 },
      partitionkey: 'Hamlet',
      correlationid: command!.id,
      hops: 0,
    });
    expect((await rig.rows('o#'))[0]).toMatchObject({ kind: { S: 'commands' }, pending: { S: 'now' } });
  });

  test('continues the trace of the client', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await ask({ headers: { traceparent } });
    const [command] = await rig.outbox();
    expect(command!.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/);
  });

  test('I12: is logged with who, what and how long, and nothing of what it says', async () => {
    await ask({
      body: '{"show":"CANARY-SHOW","seats":2,"note":"CANARY-NOTE"}',
      headers: { 'Idempotency-Key': 'CANARY-KEY' },
    });
    await ask({
      body: '{"show":"CANARY-SHOW","seats":"CANARY-SEATS"}',
      headers: { 'Idempotency-Key': 'k2' },
    });
    expect(JSON.stringify(rig.lines)).not.toContain('CANARY');
    expect(rig.lines).toMatchObject([
      {
        level: 'info',
        api: 'box-office',
        client: '000000000000:assumed-role/Till',
        outcome: 'accepted',
        type: 'seat.book',
        status: 202,
      },
      { level: 'warn', api: 'box-office', outcome: 'refused', code: 'EVT_SCHEMA', status: 400 },
    ]);
  });
});

describe('F08: a request that comes again', () => {
  test('gets the same answer, and has no second effect', async () => {
    const first = await ask();
    const again = await ask({ body: ' {"show":"Hamlet", "seats":2}\n' });
    expect(again).toEqual(first);
    expect(await rig.outbox()).toHaveLength(1);
    expect(rig.outcomes()).toEqual(['accepted', 'repeated']);
  });

  test('gets the same answer after its message went out, from another instance of the client', async () => {
    const first = await ask();
    await rig.aws.advance('1d');
    const again = await ask({ identity: { userArn: 'arn:aws:sts::000000000000:assumed-role/Till/two' } });
    expect(again).toEqual(first);
  });

  test('B34: with another body is 422, also where only the case of a letter differs', async () => {
    await ask();
    const { status, body, headers } = await ask({ body: '{"show":"hamlet","seats":2}' });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED' });
    expect(headers.Link).toContain('draft-ietf-httpapi-idempotency-key-header');
    expect(await rig.outbox()).toMatchObject([{ data: { show: 'Hamlet' } }]);
  });

  test('B35: while the first is being accepted is 409, to be tried again', async () => {
    const conflict = Object.assign(new Error('busy'), {
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    });
    const dynamodb = intercepted(rig.dynamodb, () => Promise.reject(conflict));
    const busy = instance({ dynamodb });
    const { status, headers, body } = await busy();
    expect([status, headers['Retry-After'], body.code]).toEqual([409, '1', 'IN_FLIGHT']);
  });

  test('B35: while the table is throttled is 503, not 409', async () => {
    const throttled = Object.assign(new Error('busy'), {
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'ThrottlingError' }, { Code: 'None' }],
    });
    const away = instance({ dynamodb: intercepted(rig.dynamodb, () => Promise.reject(throttled)) });
    const { status, body } = await away();
    expect([status, body.code]).toEqual([503, 'STORE_UNAVAILABLE']);
  });

  test('I2: two at the same moment are one', async () => {
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(await rig.outbox()).toHaveLength(1);
  });

  test('B36: from another client is another request', async () => {
    const keyed = instance({}, CLIENTS);
    const acme = await keyed({ identity: { apiKeyId: 'k1', userArn: null } });
    const globex = await keyed({
      identity: { apiKeyId: 'k2', userArn: null },
      body: '{"show":"Lear","seats":1}',
    });
    expect([acme.status, globex.status]).toEqual([202, 202]);
    expect(acme.body.id).not.toBe(globex.body.id);
    expect(await rig.outbox()).toHaveLength(2);
  });
});

describe('B33: the Idempotency-Key', () => {
  const keyed = (key: string | undefined) => ({ headers: { 'Idempotency-Key': key } });

  test('must be there', async () => {
    const { status, code, headers } = await refusal(keyed(undefined));
    expect([status, code]).toEqual([400, 'IDEMPOTENCY_KEY_MISSING']);
    expect(headers.Link).toContain('rel="describedby"');
  });

  test.each(['a, b', '"a", "b"', 'x'.repeat(256), '"', 'with space', 'ünïcode', '"a";b=1'])(
    'may not be %j',
    async (key) => {
      expect(await refusal(keyed(key))).toMatchObject({ status: 400, code: 'IDEMPOTENCY_KEY_INVALID' });
    },
  );

  test('means the same bare and in double quotes', async () => {
    const bare = await ask(keyed('8e03978e-40d5-43dd-bc93-6894a57f9324'));
    const quoted = await ask(keyed('"8e03978e-40d5-43dd-bc93-6894a57f9324"'));
    expect(quoted).toEqual(bare);
    expect((await ask(keyed('x'.repeat(255)))).status).toBe(202);
  });
});

describe('who asks, and for what', () => {
  test('must have a key of a client where there are clients', async () => {
    const keyed = refusals(rig, instance({}, CLIENTS));
    for (const apiKeyId of [null, 'other'])
      expect(await keyed({ identity: { apiKeyId } })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('is the account of the API where nobody enforces IAM', async () => {
    expect((await ask({ identity: { userArn: null } })).status).toBe(202);
    expect(rig.lines).toMatchObject([{ client: '000000000000:nobody' }]);
  });

  test('B38: speaks for itself only, and an attempt is on record', async () => {
    const asking = instance({}, { ...CLIENTS, SPILLWAY_TENANT: 'tenantId' });
    const body = (tenantId: string) => JSON.stringify({ show: 'Lear', seats: 1, tenantId });
    const acme = { apiKeyId: 'k1', userArn: null };
    const foreign = await asking({ identity: acme, body: body('globex') });
    expect([foreign.status, foreign.body.code]).toEqual([403, 'TENANT_MISMATCH']);
    expect(rig.lines).toMatchObject([
      { level: 'warn', client: 'acme', code: 'TENANT_MISMATCH', status: 403 },
    ]);
    expect((await asking({ identity: acme, body: body('acme') })).status).toBe(202);
  });

  test('B39: by another method is 405 with Allow; elsewhere is 404', async () => {
    const { status, headers } = await refusal({ method: 'GET' });
    expect([status, headers.Allow]).toEqual([405, 'POST']);
    for (const resource of [
      '/{proxy+}',
      '/',
      '/commands/bill.paid',
      '/webhooks/other',
      '/webhooks/constructor',
    ])
      expect(await refusal({ resource })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
});

test.each(['ProvisionedThroughputExceededException', 'InternalServerError', 'TimeoutError'])(
  'B40, I16: when the table answers %s, nothing is accepted and 503 says when to come again',
  async (name) => {
    const failure = Object.assign(new Error('CANARY'), { name });
    const dynamodb = intercepted(rig.dynamodb, () => Promise.reject(failure));
    const down = instance({ dynamodb });
    const { status, headers, body } = await down();
    expect([status, headers['Retry-After'], body.code]).toEqual([503, '5', 'STORE_UNAVAILABLE']);
    expect(JSON.stringify([body, rig.lines])).not.toContain('CANARY');
    expect(rig.lines).toMatchObject([{ level: 'error', outcome: 'failed', status: 503 }]);
  },
);

test('F02: an answer of the table that was lost is no second command', async () => {
  let lost = false;
  const dynamodb = intercepted(rig.dynamodb, async (_, next) => {
    const answer = await next();
    if (lost) return answer;
    lost = true;
    throw Object.assign(new Error('lost'), { name: 'TimeoutError' });
  });
  const flaky = instance({ dynamodb });
  expect((await flaky()).status).toBe(503);
  expect((await flaky()).status).toBe(202);
  expect(await rig.outbox()).toHaveLength(1);
  expect(rig.outcomes()).toEqual(['failed', 'repeated']);
});
