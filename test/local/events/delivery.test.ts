import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
afterEach(() => aws.stop());

test('an event reaches the queue of every rule that matches, as one envelope with one id', async () => {
  aws = await startLocal();
  const events = aws.client(EventBridgeClient);
  const sqs = aws.client(SQSClient);
  await events.send(new CreateEventBusCommand({ Name: 'shop' }));
  const urls: string[] = [];
  for (const name of ['a', 'b']) {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
    );
    urls.push(QueueUrl!);
    await events.send(
      new PutRuleCommand({ Name: name, EventBusName: 'shop', EventPattern: '{"detail-type":["t"]}' }),
    );
    await events.send(
      new PutTargetsCommand({
        Rule: name,
        EventBusName: 'shop',
        Targets: [{ Id: 'q', Arn: Attributes!.QueueArn! }],
      }),
    );
  }
  const { Entries } = await events.send(
    new PutEventsCommand({
      Entries: [{ EventBusName: 'shop', Source: 's', DetailType: 't', Detail: '{ "n": 1.0 }' }],
    }),
  );
  for (const QueueUrl of urls) {
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages?.map(({ Body }) => Body)).toEqual([
      `{"version":"0","id":"${Entries![0]!.EventId}","detail-type":"t","source":"s","account":"000000000000","time":"2030-01-01T00:00:00Z","region":"eu-west-1","resources":[],"detail":{"n":1.0}}`,
    ]);
  }
});
