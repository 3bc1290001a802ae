/** Amazon Simple Queue Service, standard and FIFO. */
import type { Service, ServiceModule } from '../service.ts';
import type { World } from '../world.ts';
import { managing } from './sqs/queues.ts';
import { receiving } from './sqs/receive.ts';
import { registry } from './sqs/registry.ts';
import { sending } from './sqs/send.ts';
import { settling } from './sqs/settle.ts';

declare module '../world.ts' {
  interface Services {
    sqs: ReturnType<typeof queueService>;
  }
}

export default {
  sdk: [() => import('@aws-sdk/client-sqs')],
  start: queueService,
} satisfies ServiceModule;

function queueService(world: World) {
  const queues = registry(world);

  return {
    operations: {
      ...managing(queues, world),
      ...sending(queues, world),
      ...receiving(queues),
      ...settling(queues),
    },
    resources: (_operation: string, { QueueUrl, QueueName }: { QueueUrl?: string; QueueName?: string }) =>
      QueueUrl ? [queues.arnAt(QueueUrl)] : [QueueName ? queues.arn(QueueName) : '*'],
    resourcePolicy: (arn: string) => queues.of(arn)?.attributes.Policy,

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
      return queue && `${world.endpoint()}/${world.account}/${queue.name}`;
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
