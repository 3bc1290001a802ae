/**
 * What subscribers see. Members in AWS's order. Signatures are not modelled: the member is there, and no validator
 * accepts it. https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
import type * as SNS from '@aws-sdk/client-sns';
import type { Message } from './message.ts';
import type { Subscription } from './topic.ts';

export const textFor = ({ texts }: Message, { protocol }: Subscription): string =>
  texts[protocol] ?? texts.default!;

/** The body of a queue's message. FIFO topics do not sign. */
export function envelope(message: Message, subscription: Subscription): string {
  const { arn, fifo, attributes } = subscription.topic;
  const [, , , region] = arn.split(':');
  return JSON.stringify({
    Type: 'Notification',
    MessageId: message.id,
    ...(message.sequence && { SequenceNumber: message.sequence }),
    TopicArn: arn,
    ...(message.subject !== undefined && { Subject: message.subject }),
    Message: textFor(message, subscription),
    Timestamp: new Date(message.published).toISOString(),
    ...(!fifo && {
      SignatureVersion: attributes.SignatureVersion ?? '1',
      Signature: NOT_SIGNED,
      SigningCertURL: certificate(region),
    }),
    UnsubscribeURL: unsubscribe(region, subscription),
    ...(Object.keys(message.attributes).length > 0 && { MessageAttributes: shownOf(message.attributes) }),
  });
}

/** A function's event. https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html */
export function lambdaEvent(message: Message, subscription: Subscription): string {
  const [, , , region] = subscription.topic.arn.split(':');
  return JSON.stringify({
    Records: [
      {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: {
          Type: 'Notification',
          MessageId: message.id,
          TopicArn: subscription.topic.arn,
          Subject: message.subject ?? null,
          Message: textFor(message, subscription),
          Timestamp: new Date(message.published).toISOString(),
          SignatureVersion: '1',
          Signature: NOT_SIGNED,
          SigningCertUrl: certificate(region),
          UnsubscribeUrl: unsubscribe(region, subscription),
          MessageAttributes: shownOf(message.attributes),
        },
      },
    ],
  });
}

const NOT_SIGNED = 'EXAMPLE';
const certificate = (region: string | undefined) =>
  `https://sns.${region}.amazonaws.com/SimpleNotificationService-EXAMPLE.pem`;
const unsubscribe = (region: string | undefined, { arn }: Subscription) =>
  `https://sns.${region}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`;

const shownOf = (attributes: Record<string, SNS.MessageAttributeValue>) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: BinaryValue ? Buffer.from(BinaryValue).toString('base64') : StringValue },
    ]),
  );
