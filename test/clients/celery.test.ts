/** Celery with SQS as its broker: long polls, visibility, and acknowledgements after the work. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEndpoint, type Endpoint } from './endpoint.ts';
import { missingPython, pythonWith, run } from '../toolchain.ts';

const FOLDER = join(import.meta.dirname, 'python');

if (missingPython !== undefined) console.warn(`Skipped: ${missingPython}.`);

describe.skipIf(missingPython !== undefined)('Celery', () => {
  let endpoint: Endpoint;
  let commands: string;
  let worker: ChildProcess;
  let queue: string;
  const sqs = () => endpoint.aws.client(SQSClient);

  beforeAll(async () => {
    commands = await pythonWith('celery[sqs]');
    endpoint = await startEndpoint();
    endpoint.env['PYTHONDONTWRITEBYTECODE'] = '1';
    queue = (await sqs().send(new CreateQueueCommand({ QueueName: 'done' }))).QueueUrl!;
    worker = spawn(join(commands, 'celery'), ['-A', 'tasks', 'worker', '--pool', 'solo'], {
      cwd: FOLDER,
      env: endpoint.env,
      stdio: 'ignore',
    });
  });
  afterAll(async () => {
    if (worker) {
      const ended = once(worker, 'exit');
      worker.kill('SIGKILL');
      await ended;
    }
    await endpoint?.aws.stop();
  });

  const ask = (call: string) =>
    run(join(commands, 'python'), ['-c', `import tasks; tasks.${call}`], { cwd: FOLDER, env: endpoint.env });

  async function done(count: number): Promise<string[]> {
    const texts: string[] = [];
    for (let polls = 0; texts.length < count && polls < 6; polls++) {
      const receive = new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 10 });
      const { Messages = [] } = await sqs().send(receive);
      for (const { Body, ReceiptHandle } of Messages) {
        texts.push(Body!);
        await sqs().send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
      }
    }
    return texts.sort();
  }
  const left = () => endpoint.aws.world.service('sqs').state()['celery'];

  test('tasks are done, each once, and their messages deleted', async () => {
    await ask('add.delay(1, 2); tasks.add.delay(3, 4)');
    expect(await done(2)).toEqual(['sum 3', 'sum 7']);
    await expect.poll(left).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('a task that asks to be tried again is', async () => {
    await ask('stubborn.delay()');
    expect(await done(2)).toEqual(['try 0', 'try 1']);
    await expect.poll(left).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
