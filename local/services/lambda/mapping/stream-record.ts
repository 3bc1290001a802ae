import type * as Streams from '@aws-sdk/client-dynamodb-streams';

export type StreamRecord = Streams._Record & { dynamodb: Streams.StreamRecord & { SequenceNumber: string } };

/**
 * A change as a function sees it: times in seconds, binary values in base 64, who deleted what has expired in small
 * letters. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
 */
export function shown({ dynamodb, userIdentity, ...record }: StreamRecord, eventSourceARN: string): object {
  const { ApproximateCreationDateTime, Keys, NewImage, OldImage, ...rest } = dynamodb;
  return {
    ...record,
    dynamodb: {
      ApproximateCreationDateTime: (ApproximateCreationDateTime?.getTime() ?? 0) / 1000,
      Keys: plain(Keys),
      ...(NewImage && { NewImage: plain(NewImage) }),
      ...(OldImage && { OldImage: plain(OldImage) }),
      ...rest,
    },
    ...(userIdentity && {
      userIdentity: { type: userIdentity.Type, principalId: userIdentity.PrincipalId },
    }),
    eventSourceARN,
  };
}

/** The time of a change, in milliseconds since 1970. */
export const arrival = ({ dynamodb }: StreamRecord): number =>
  dynamodb.ApproximateCreationDateTime?.getTime() ?? 0;

export const sequenceOf = ({ dynamodb }: StreamRecord): string => dynamodb.SequenceNumber;

/** The item that a change is of, as text: changes of one item stay in order. */
export const itemOf = ({ dynamodb }: StreamRecord): string => JSON.stringify(plain(dynamodb.Keys));

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
