/** The npm package sqs-consumer, with the version of the SDK that it asks for. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CreateQueueCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEndpoint, type Endpoint } from './endpoint.ts';
import { installed, run } from '../toolchain.ts';

const PACKAGES = ['sqs-consumer@15.0.3', '@aws-sdk/client-sqs@3.1169.0'];

interface Consumer {
  start(): void;
  stop(options: { abort: boolean }): void;
  on(event: string, listener: (error: Error) => void): void;
}

let endpoint: Endpoint;
let Consumer: { create(options: object): Consumer };
let Client: new (config: object) => object;
beforeAll(async () => {
  const folder = await installed('sqs-consumer', PACKAGES, (folder) =>
    run('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', ...PACKAGES]),
  );
  const from = (path: string) => import(pathToFileURL(join(folder, 'node_modules', path)).href);
  ({ Consumer } = await from('sqs-consumer/dist/esm/index.js'));
  ({ SQSClient: Client } = await from('@aws-sdk/client-sqs/dist-cjs/index.js'));
  endpoint = await startEndpoint();
});
afterAll(() => endpoint?.aws.stop());

test('it takes batches, deletes what was handled, and gives back at once what was not', async () => {
  const sqs = endpoint.aws.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
  const bodies = ['a', 'b', 'bad', 'c'];
  await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: bodies.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
    }),
  );
  const seen: string[] = [];
  const consumer = Consumer.create({
    queueUrl: QueueUrl,
    sqs: new Client({
      region: 'eu-west-1',
      endpoint: endpoint.env['AWS_ENDPOINT_URL'],
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    batchSize: 10,
    terminateVisibilityTimeout: true,
    async handleMessage(message: { Body: string }) {
      const { Body } = message;
      seen.push(Body);
      if (Body === 'bad' && seen.filter((body) => body === 'bad').length === 1) throw new Error('not yet');
      return message; // what is not returned is not deleted
    },
  });
  consumer.on('error', () => {});
  consumer.on('processing_error', () => {});
  consumer.start();
  await expect.poll(() => seen.toSorted()).toEqual(['a', 'b', 'bad', 'bad', 'c']);
  const left = () => endpoint.aws.world.service('sqs').state()['work'];
  await expect.poll(left).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  consumer.stop({ abort: true });
});
