import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, test } from 'vitest';
import { startLocal } from '../../local/index.ts';
import { recordLinesIn } from '../../operate/records.ts';
import { awsOf } from '../../operate/up/aws-of-local.ts';

test('what a handler prints itself is passed over, whatever it looks like', async () => {
  const local = await startLocal();
  const logs = local.client(CloudWatchLogsClient);
  const [logGroupName, logStreamName] = ['group', 'stream'];
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  const timestamp = local.world.clock.now();
  const line = { consumer: 'payments', outcome: 'committed', id: 'one' };
  const printed = [
    "{ outcome: 'paid', card: '4111' }",
    '{"outcome":',
    '{"outcome":"paid"}',
    JSON.stringify(line),
  ];
  const logEvents = printed.map((message) => ({ timestamp, message }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
  const read = [];
  for await (const one of recordLinesIn(awsOf(local), logGroupName, 0)) read.push(one);
  expect(read).toEqual([line]);
  await local.stop();
});
