import * as EventBridge from '@aws-sdk/client-eventbridge';
import * as KMS from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { servicePrincipal } from '../../../local/principal.ts';
import { eventing } from '../events/eventing.ts';
import { ACCOUNT, policy } from './keyed.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
let kms: KMS.KMSClient;
let got: string;
let dead: string;
beforeAll(async () => {
  aws = await eventing();
  kms = aws.client(KMS.KMSClient);
  [got, dead] = [await aws.queue('got'), await aws.queue('dead')];
});
afterAll(() => aws.stop());

const arnOf = (bus: string) => `arn:aws:events:eu-west-1:${ACCOUNT}:event-bus/${bus}`;
/** As CDK's EventBus with a kmsKey writes it. */
const lets = (bus: string) =>
  policy({
    Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'],
    Condition: {
      StringEquals: {
        'aws:SourceAccount': ACCOUNT,
        'aws:SourceArn': arnOf(bus),
        'kms:EncryptionContext:aws:events:event-bus:arn': arnOf(bus),
      },
    },
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Resource: '*',
  });

/** A bus under a key with this policy, whose rule sends what comes from the shop to a queue. */
async function bus(Name: string, Policy: string, deadLetters = true) {
  const { KeyMetadata } = await kms.send(new KMS.CreateKeyCommand({ Policy }));
  const { KeyId, Arn } = KeyMetadata!;
  await aws.events.send(
    new EventBridge.CreateEventBusCommand({
      Name,
      KmsKeyIdentifier: Arn,
      ...(deadLetters && { DeadLetterConfig: { Arn: dead } }),
    }),
  );
  await aws.rule({ Name: 'r', EventBusName: Name }, { Arn: got });
  const put = (Detail: object) => aws.put({ EventBusName: Name, Detail: JSON.stringify(Detail) });
  return { put, key: KeyId!, arn: Arn };
}
const details = async (queue: string) =>
  (await aws.bodies(queue)).map((body) => (JSON.parse(body) as { detail: unknown }).detail);

describe('a bus under a customer’s key', () => {
  test('takes events while the key can be used and lets EventBridge in', async () => {
    const { put } = await bus('fine', lets('fine'));
    expect(await put({ n: 1 })).toMatchObject({ FailedEntryCount: 0 });
    expect(await details(got)).toEqual([{ n: 1 }]);
  });

  test('sends events to its dead-letter queue once the key is disabled (F16)', async () => {
    const { put, key, arn } = await bus('off', lets('off'));
    await kms.send(new KMS.DisableKeyCommand({ KeyId: key }));
    expect(await put({ n: 2 })).toMatchObject({ FailedEntryCount: 0 });
    expect(await details(got)).toEqual([]);
    const [letter, ...others] = await aws.received(dead);
    expect(JSON.parse(letter!.Body!)).toMatchObject({ source: 'shop', detail: { n: 2 } });
    expect(letter!.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'SDK_CLIENT_ERROR' },
      ERROR_MESSAGE: { StringValue: `${arn} is disabled.` },
    });
    expect(others).toEqual([]);
    await kms.send(new KMS.EnableKeyCommand({ KeyId: key }));
    await put({ n: 3 });
    expect(await details(got)).toEqual([{ n: 3 }]);
  });

  test('and once the key waits for its deletion or is gone (F16)', async () => {
    const { put, key } = await bus('gone', lets('gone'));
    await kms.send(new KMS.ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
    const code = async () => {
      await put({ n: 4 });
      const [letter] = await aws.received(dead);
      return letter?.MessageAttributes?.['ERROR_CODE']?.StringValue;
    };
    expect(await code()).toBe('SDK_CLIENT_ERROR');
    await aws.advance('7d');
    expect(await code()).toBe('NO_RESOURCE');
  });

  test('and when the key lets in another bus only (F16, F17)', async () => {
    const { put } = await bus('other', lets('another'));
    await put({ n: 5 });
    const [letter] = await aws.received(dead);
    expect(letter!.MessageAttributes).toMatchObject({ ERROR_CODE: { StringValue: 'NO_PERMISSIONS' } });
  });

  test('loses them without a dead-letter queue, and nobody who put them hears of it (F16)', async () => {
    const happened: unknown[] = [];
    aws.world.activity.listen(({ kind, bus: of, error }) => {
      if (kind === 'dropped') happened.push([of, error]);
    });
    const { put } = await bus('lost', policy(), false);
    expect(await put({ n: 6 })).toMatchObject({ FailedEntryCount: 0 });
    expect(happened).toEqual([[arnOf('lost'), 'NO_PERMISSIONS']]);
    expect([await details(got), await details(dead)]).toEqual([[], []]);
  });

  test('takes events of AWS services whatever its key', async () => {
    const { key } = await bus('aws', lets('aws'));
    await aws.rule({ Name: 'aws', EventBusName: 'aws', EventPattern: '{"source":["aws.s3"]}' }, { Arn: got });
    await kms.send(new KMS.DisableKeyCommand({ KeyId: key }));
    const Entries = [{ EventBusName: 'aws', Source: 'aws.s3', DetailType: 't', Detail: '{"n":9}' }];
    await aws.world.call(servicePrincipal(ACCOUNT, 'events.amazonaws.com'), 'events', 'PutEvents', {
      Entries,
    });
    expect([await details(got), await details(dead)]).toEqual([[{ n: 9 }], []]);
  });

  test('takes nothing while KMS is throttled, so that the sender tries again', async () => {
    const { put } = await bus('busy', lets('busy'));
    aws.world.faults.set([{ fault: 'throttle', service: 'kms', times: 1 }]);
    await expect(put({ n: 7 })).rejects.toMatchObject({ name: 'ThrottlingException' });
    await put({ n: 8 });
    expect([await details(got), await details(dead)]).toEqual([[{ n: 8 }], []]);
  });

  test('must be under a key that there is', async () => {
    await expect(
      aws.events.send(
        new EventBridge.CreateEventBusCommand({ Name: 'none', KmsKeyIdentifier: 'alias/none' }),
      ),
    ).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
