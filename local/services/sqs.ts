/** Amazon Simple Queue Service, standard and FIFO. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { encryption } from './sqs/encryption.ts';
import { listing } from './sqs/listing.ts';
import { moving } from './sqs/move.ts';
import { permitting } from './sqs/permissions.ts';
import { creating, type QueueOptions } from './sqs/queues.ts';
import { receiving } from './sqs/receive.ts';
import { registry, urlOf } from './sqs/registry.ts';
import { sending } from './sqs/send.ts';
import { settings } from './sqs/settings.ts';
import { settling } from './sqs/settle.ts';
import { tagging } from './sqs/tags.ts';

declare module '../world.ts' {
  interface Services {
    sqs: ReturnType<typeof queueService>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-sqs')],
  missing: () => undefined,
  start: queueService,
} satisfies ServiceModule;

function queueService(world: World) {
  const queues = registry(world);
  const ciphers = encryption(world);
  const options: QueueOptions = { queueDeletedRecently: false };

  return {
    operations: {
      ...creating(queues, world, options),
      ...listing(queues),
      ...settings(queues),
      ...sending(queues, world, ciphers),
      ...receiving(queues, world, ciphers),
      ...settling(queues),
      ...moving(queues, world),
      ...permitting(queues),
      ...tagging(queues),
    },
    resources: (_operation: string, { QueueUrl, QueueName, SourceArn }: Partial<Record<string, string>>) => [
      SourceArn ?? (QueueUrl ? queues.arnAt(QueueUrl) : QueueName ? queues.arn(QueueName) : '*'),
    ],
    resourcePolicy: (arn: string) => queues.of(arn)?.attributes.Policy,
    exists: (arn: string) => queues.of(arn) !== undefined,

    /** Where it is as strict as AWS only on request; may be changed at any time. */
    options,
    /**
     * Calls `run` whenever a message of the queue may have become receivable: sent, its delay over, its visibility
     * lapsed or ended, its FIFO group freed. Returns how to stop that. The queue need not exist yet.
     */
    whenVisible(queueArn: string, run: () => void): () => void {
      queues.listeners(queueArn).add(run);
      return () => void queues.listeners(queueArn).delete(run);
    },
    urlOf(queueArn: string): string | undefined {
      const queue = queues.of(queueArn);
      return queue && urlOf(queue, { endpoint: world.endpoint(), account: world.account });
    },
    /** How long a queue hides what was received, in seconds. Undefined for a queue that is not there. */
    visibilityOf(queueArn: string): number | undefined {
      const queue = queues.of(queueArn);
      return queue && Number(queue.attributes.VisibilityTimeout);
    },
    /** Messages by state, for each queue. */
    state: () =>
      Object.fromEntries(
        queues.all().map((queue) => {
          queue.expire();
          return [queue.name, { ...queue.counts }];
        }),
      ),
    /** Ends long polls with no messages. */
    stop() {
      for (const queue of queues.all()) queue.close();
    },
  } satisfies Service & Record<string, unknown>;
}
