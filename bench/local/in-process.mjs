/** Prints the milliseconds of a first and of further `startLocal()` with a client's first answer each. */
import { performance } from 'node:perf_hooks';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLocal } from 'spillway/local';

async function ready() {
  const began = performance.now();
  const aws = await startLocal();
  await aws.client(SQSClient).send(new CreateQueueCommand({ QueueName: 'first' }));
  const ms = performance.now() - began;
  await aws.stop();
  return ms;
}

const first = await ready();
const further = [];
for (let i = 0; i < 9; i++) further.push(await ready());
console.log(JSON.stringify({ first, further: further.toSorted((a, b) => a - b)[4] }));
