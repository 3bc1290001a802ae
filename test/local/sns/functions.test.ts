import { AddPermissionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { recording, seenBy, startFunctions } from '../lambda/fixture.ts';
import { openQueue } from './topic.ts';

const endpoint = 'arn:aws:lambda:eu-west-1:000000000000:function:f';

async function subscribedFunction() {
  const aws = await startFunctions();
  await aws.make(await recording());
  const sns = aws.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'topic' }));
  const dead = await openQueue(aws, TopicArn!, 'dead');
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'lambda',
      Endpoint: endpoint,
      Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn }) },
    }),
  );
  const publish = async () => {
    await sns.send(new PublishCommand({ TopicArn, Message: 'x', Subject: 's' }));
    await aws.advance('1s');
  };
  return { aws, TopicArn, SubscriptionArn, dead, publish };
}

test('a function that subscribed gets an event with one record', async () => {
  const { aws, TopicArn, SubscriptionArn, publish } = await subscribedFunction();
  await aws.client(LambdaClient).send(
    new AddPermissionCommand({
      FunctionName: 'f',
      StatementId: 's',
      Action: 'lambda:InvokeFunction',
      Principal: 'sns.amazonaws.com',
      SourceArn: TopicArn,
    }),
  );
  await publish();
  expect(await seenBy(aws)).toMatchObject([
    {
      Records: [
        {
          EventSource: 'aws:sns',
          EventVersion: '1.0',
          EventSubscriptionArn: SubscriptionArn,
          Sns: { Type: 'Notification', TopicArn, Subject: 's', Message: 'x', MessageAttributes: {} },
        },
      ],
    },
  ]);
  await aws.stop();
});

test('a function that lets nobody in gets nothing; the dead-letter queue does', async () => {
  const { aws, dead, publish } = await subscribedFunction();
  await publish();
  expect(await seenBy(aws)).toEqual([]);
  expect(dead.counts()).toMatchObject({ visible: 1 });
  await aws.stop();
});
