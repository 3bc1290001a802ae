import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as DynamoDB from '@aws-sdk/client-dynamodb';
import * as S3 from '@aws-sdk/client-s3';
import * as SQS from '@aws-sdk/client-sqs';
import * as SSM from '@aws-sdk/client-ssm';
import { expect, test } from 'vitest';
import { newLedger, type Ledger } from './ledger.ts';
import { clientsOf, complete, load, prepare, type Clients } from './load.ts';
import { freePort, startServer } from './server.ts';

const KILLS = Number(process.env['KILLS'] ?? 100);

test(`nothing that was acknowledged is lost and nothing deleted returns in ${KILLS} kills under load`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-kills-'));
  const port = await freePort();
  const ledger = newLedger();
  let server = await startServer(port, folder);
  await prepare(clientsOf(server.endpoint));
  const starts: number[] = [];
  for (let kill = 1; kill <= KILLS; kill++) {
    const busy = load(clientsOf(server.endpoint), ledger);
    const enough = ledger.acknowledged + Math.random() * 600;
    let idle = false;
    void busy.then(() => (idle = true));
    while (ledger.acknowledged < enough && !idle) await new Promise((resolve) => setTimeout(resolve, 1));
    await server.kill();
    await busy;
    const began = performance.now();
    server = await startServer(port, folder);
    starts.push(performance.now() - began);
    if (kill % 10 === 0) await check(clientsOf(server.endpoint), ledger);
  }
  await fetch(`${server.endpoint}/_spillway/clock`, { method: 'POST', body: '{"advanceMs": 60000}' });
  const clients = clientsOf(server.endpoint);
  await check(clients, ledger);
  await drain(clients, ledger);

  const missing = (acknowledged: Iterable<string>, found: Set<string>) =>
    [...acknowledged].filter((one) => !found.has(one));
  expect(ledger.violations).toEqual([]);
  expect(missing(ledger.sent, ledger.seen.standard)).toEqual([]);
  expect(missing(ledger.events, ledger.seen.target)).toEqual([]);
  console.log(
    `${KILLS} kills, ${ledger.acknowledged} jobs done: ${ledger.sent.size} messages, ${[...ledger.sentInOrder.values()].flat().length} in order, ` +
      `${ledger.events.size} events, ${ledger.deleted.size} deletions, ${ledger.pairs.size} transactions, ` +
      `${ledger.objects.size} objects; ${(statSync(join(folder, 'journal')).size / 2 ** 20).toFixed(1)} MiB; ` +
      `longest start ${Math.round(Math.max(...starts))} ms`,
  );
  await server.kill();
  rmSync(folder, { recursive: true });
});

/** What can be looked at without taking it. */
async function check(clients: Clients, ledger: Ledger): Promise<void> {
  const { dynamodb, ssm, s3 } = clients;
  await finishUploads(clients, ledger);
  const read = async (pk: string) =>
    (await dynamodb.send(new DynamoDB.GetItemCommand({ TableName: 'items', Key: { pk: { S: pk } } }))).Item;
  for (const [key, { acknowledged, asked }] of ledger.items) {
    const version = Number((await read(key))?.['version']?.N ?? 0);
    expect([acknowledged.at(-1), ...asked], key).toContain(version);
    ledger.items.set(key, { acknowledged: [version], asked: [] });
  }
  for (const [pair, acknowledged] of [...ledger.pairs].slice(-200)) {
    const [left, right] = [await read(`${pair}-left`), await read(`${pair}-right`)];
    expect(left === undefined, pair).toBe(right === undefined);
    expect(left !== undefined || !acknowledged, pair).toBe(true);
  }
  for (const [Name, version] of ledger.parameters) {
    const { Parameter } = await ssm.send(new SSM.GetParameterCommand({ Name }));
    expect(Parameter!.Version!, Name).toBeGreaterThanOrEqual(version);
  }
  for (const Key of [...ledger.objects].slice(-200)) {
    const { Body } = await s3.send(new S3.GetObjectCommand({ Bucket: 'objects', Key }));
    expect(await Body!.transformToString()).toBe(Key);
  }
}

/** Uploads that a kill cut short have the parts that were acknowledged, and can be finished. */
async function finishUploads(clients: Clients, { uploads, objects }: Ledger): Promise<void> {
  for (const [UploadId, upload] of uploads) {
    const { Parts } = await clients.s3
      .send(new S3.ListPartsCommand({ Bucket: 'objects', Key: upload.key, UploadId }))
      .catch((error: Error) => {
        // An end that was asked for and not acknowledged may have come.
        if (upload.ending && error.name === 'NoSuchUpload') return { Parts: undefined };
        throw error;
      });
    uploads.delete(UploadId);
    if (Parts ? upload.parts.size > 0 : upload.ending) objects.add(upload.key);
    if (!Parts) continue;
    const tags = new Map(Parts.map(({ PartNumber, ETag }) => [PartNumber, ETag]));
    for (const [number, tag] of upload.parts) expect(tags.get(number), upload.key).toBe(tag);
    if (upload.parts.size > 0) await complete(clients, UploadId, upload);
  }
}

/** Takes everything that is left, in order where that was promised. */
async function drain({ sqs, url }: Clients, ledger: Ledger): Promise<void> {
  const take = async (queue: string, each: (message: SQS.Message) => void) => {
    const QueueUrl = url(queue);
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new SQS.ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
      );
      if (Messages.length === 0) return;
      Messages.forEach(each);
      await sqs.send(
        new SQS.DeleteMessageBatchCommand({
          QueueUrl,
          Entries: Messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle })),
        }),
      );
    }
  };
  const unless = ({ MessageId = '', Body }: SQS.Message) => {
    if (ledger.deleted.has(MessageId)) ledger.violations.push(`${Body} came back after it was deleted`);
  };
  await take('standard', (message) => {
    unless(message);
    ledger.seen.standard.add(message.Body!);
  });
  await take('target', (message) => {
    unless(message);
    ledger.seen.target.add((JSON.parse(message.Body!) as { id: string }).id);
  });
  const inOrder = new Map([...ledger.sentInOrder.keys()].map((group) => [group, [] as string[]]));
  await take('line.fifo', ({ Body = '' }) => inOrder.get(Body[0]!)!.push(Body));
  for (const [group, bodies] of ledger.sentInOrder) {
    const acknowledged = new Set(bodies);
    expect(inOrder.get(group)!.filter((body) => acknowledged.has(body))).toEqual(bodies);
  }
}
