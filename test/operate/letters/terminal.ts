/** One consumer with its queue and both dead-letter queues, as the command line finds them on a server. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  type QueueAttributeName,
} from '@aws-sdk/client-sqs';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { REASON } from '../../../functions/runtime/consume/dead-letter.ts';
import { startLocal } from '../../../local/index.ts';
import { openBox } from '../../../operate/letters/box.ts';
import { against } from '../../e2e/spillway.ts';
import { told } from '../told.ts';

const QUEUES = ['numbers', 'counter-dead', 'counter-rule-dead', 'unrouted'] as const;
type Queue = (typeof QUEUES)[number];

export async function startTerminal() {
  const local = await startLocal({ clock: 'real', region: 'us-east-1' });
  const env = against(await local.listen(0));
  const sqs = local.client(SQSClient);
  const made = QUEUES.map((QueueName) => sqs.send(new CreateQueueCommand({ QueueName })));
  const [numbers, dead, ruleDead, unrouted] = (await Promise.all(made)).map(({ QueueUrl }) => QueueUrl!);
  const urls = { numbers, 'counter-dead': dead, 'counter-rule-dead': ruleDead, unrouted } as Record<
    Queue,
    string
  >;
  const attribute = async (queue: Queue, name: QueueAttributeName) => {
    const asked = { QueueUrl: urls[queue], AttributeNames: [name] };
    return (await sqs.send(new GetQueueAttributesCommand(asked))).Attributes![name]!;
  };
  const say = (key: string, value: object) => {
    const Name = `/spillway/shop/dev/${key}`;
    return local
      .client(SSMClient)
      .send(new PutParameterCommand({ Name, Value: JSON.stringify(value), Type: 'String' }));
  };

  const deadLetterTargetArn = await attribute('counter-dead', 'QueueArn');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 9 });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: urls.numbers, Attributes: { RedrivePolicy } }));
  await say('pipeline', { bus: 'bus', unroutedQueueUrl: urls.unrouted });
  await say('consumers/counter', {
    function: 'f',
    table: 'table',
    queueUrls: [urls.numbers],
    deadLetterUrls: [urls['counter-dead']],
    ruleDeadLetterUrl: urls['counter-rule-dead'],
    on: ['paid'],
  });

  return {
    local,
    env,
    sqs,
    urls,
    arn: (queue: Queue) => attribute(queue, 'QueueArn'),
    depth: async (queue: Queue) => Number(await attribute(queue, 'ApproximateNumberOfMessages')),
    async empty() {
      for (const url of Object.values(urls)) {
        const box = openBox(sqs, url);
        for await (const messages of box.batches()) await box.remove(messages);
      }
    },
    /** Letters as a consumer writes them, of so many messages. */
    async letters(
      count: number,
      { code = 'BROKEN', to = 'counter-dead' }: { code?: string; to?: Queue } = {},
    ): Promise<void> {
      const now = new Date(local.world.clock.now()).toISOString();
      for (let i = 0; i < count; i++) {
        const names = { code, consumer: 'counter', messageId: `m${i}`, id: `id-${i}`, type: 'paid' };
        const counts = { attempts: 1, receives: 1, deadLettered: 1, first: now, last: now };
        const reason = { ...names, ...counts, message: 'not today', hint: 'Mend it.' };
        await sqs.send(
          new SendMessageCommand({
            QueueUrl: urls[to],
            MessageBody: JSON.stringify({ detail: { id: `id-${i}`, data: { amount: i, name: 'Karoline' } } }),
            MessageAttributes: { [REASON]: { DataType: 'String', StringValue: JSON.stringify(reason) } },
          }),
        );
      }
    },
    /** `spillway dlq …`: how it ends, and all that it prints. */
    async dlq(...args: string[]): Promise<{ code: number; text: string }> {
      const { code, lines } = await told(['dlq', ...args], env);
      return { code, text: lines.join('\n') };
    },
    stop: () => local.stop(),
  };
}

export const folder = mkdtempSync(join(tmpdir(), 'dlq-'));

/** The path of a file with this text. */
export function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
