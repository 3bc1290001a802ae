/** Whether the notifications of a bucket can be told apart. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html */
import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { ambiguous } from './errors.ts';

type Wanted = NonNullable<NotificationConfiguration['QueueConfigurations']>[number];

/** Throws InvalidArgument where two destinations would hear of the same object and event. */
export function refuseOverlaps(configuration: NotificationConfiguration): void {
  const all: Pick<Wanted, 'Events' | 'Filter'>[] = [
    ...(configuration.QueueConfigurations ?? []),
    ...(configuration.TopicConfigurations ?? []),
    ...(configuration.LambdaFunctionConfigurations ?? []),
  ];
  const overlapping = all.some((one, i) => all.slice(0, i).some((other) => overlap(one, other)));
  if (overlapping) throw ambiguous();
}

function overlap(one: Pick<Wanted, 'Events' | 'Filter'>, other: Pick<Wanted, 'Events' | 'Filter'>): boolean {
  const [a, b] = [affixesOf(one), affixesOf(other)];
  return (
    (one.Events ?? []).some((event) => other.Events?.some((another) => sameEvent(event, another))) &&
    (a.prefix.startsWith(b.prefix) || b.prefix.startsWith(a.prefix)) &&
    (a.suffix.endsWith(b.suffix) || b.suffix.endsWith(a.suffix))
  );
}

/** `s3:ObjectCreated:*` is `s3:ObjectCreated:Put` among others. */
const sameEvent = (one: string, other: string): boolean =>
  one === other || covers(one, other) || covers(other, one);

const covers = (all: string, event: string): boolean =>
  all.endsWith(':*') && event.startsWith(all.slice(0, -1));

function affixesOf({ Filter }: Pick<Wanted, 'Filter'>): { prefix: string; suffix: string } {
  const valueOf = (name: string) =>
    Filter?.Key?.FilterRules?.find(({ Name }) => Name?.toLowerCase() === name)?.Value ?? '';
  return { prefix: valueOf('prefix'), suffix: valueOf('suffix') };
}
