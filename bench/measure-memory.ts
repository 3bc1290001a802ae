import { execFileSync } from 'node:child_process';
import { spillway } from './local/contestants.ts';
import { drained, filled } from './local/queues.ts';
import type { Server } from './local/server.ts';
import type { Measurement } from './measurement.ts';

const MESSAGES = 1_000_000;
const CHUNK = 100_000;
/** Never more in the queue. */
const DEPTH = 2_000;

/** A million messages, sent and drained: what the server holds in memory meanwhile. */
export default {
  title: 'spillway local: resident memory over a million messages',
  async run() {
    const server = await spillway.start();
    try {
      const { QueueUrl } = await server.call('sqs', 'CreateQueue', { QueueName: 'memory' });
      const rows = [{ messages: 0, 'resident (MiB)': residentMiB(server) }];
      for (
        let done = 0;
        done < MESSAGES;
        rows.push({ messages: done, 'resident (MiB)': residentMiB(server) })
      )
        for (const end = done + CHUNK; done < end; done += DEPTH) {
          await filled(server.call, QueueUrl, DEPTH);
          await drained(server.call, QueueUrl, DEPTH);
        }
      return rows;
    } finally {
      await server.stop();
    }
  },
} satisfies Measurement;

const residentMiB = ({ pid }: Server): number =>
  Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);
