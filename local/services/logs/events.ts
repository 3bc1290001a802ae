import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { paged } from './paging.ts';
import { logPattern } from './pattern.ts';
import { notFound, type LogGroup, type LogStore, type LogStream, type StoredEvent } from './store.ts';

/** Log events: written, read, searched. */
export function eventOperations({ world, append, groupOf }: LogStore) {
  return {
    PutLogEvents({ logGroupName, logStreamName = '', logEvents = [] }: Logs.PutLogEventsCommandInput) {
      const group = groupOf(logGroupName);
      streamOf(group, logStreamName);
      checkOrder(logEvents);
      const { accepted, rejected } = sorted(logEvents, world.clock.now(), group.retention);
      append(
        group.name,
        logStreamName,
        accepted.map(({ timestamp = 0, message = '' }) => ({ timestamp, message })),
      );
      return {
        nextSequenceToken: '0',
        ...(rejected && { rejectedLogEventsInfo: rejected }),
      } satisfies Answer<Logs.PutLogEventsCommandOutput>;
    },

    GetLogEvents(input: Logs.GetLogEventsCommandInput) {
      if (input.unmask) throw notModelled('data protection of log groups');
      const { events } = streamOf(
        groupOf(input.logGroupName ?? input.logGroupIdentifier),
        input.logStreamName,
      );
      const { startTime = 0, endTime = Infinity, limit = 10_000, startFromHead, nextToken } = input;
      const all = byTime(events).filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime);
      const [from, to] = range(all.length, limit, nextToken, startFromHead ?? false);
      return {
        events: all
          .slice(from, to)
          .map(({ timestamp, message, ingested }) => ({ timestamp, message, ingestionTime: ingested })),
        nextForwardToken: `f/${String(to).padStart(56, '0')}`,
        nextBackwardToken: `b/${String(from).padStart(56, '0')}`,
      } satisfies Answer<Logs.GetLogEventsCommandOutput>;
    },

    FilterLogEvents(input: Logs.FilterLogEventsCommandInput) {
      if (input.unmask) throw notModelled('data protection of log groups');
      const { limit = 10_000, nextToken } = input;
      const found = search(groupOf(input.logGroupName ?? input.logGroupIdentifier), input);
      const { page, next } = paged(byTime(found), nextToken, limit);
      return {
        events: page.map(({ logStreamName, timestamp, message, ingested, id }) => ({
          logStreamName,
          timestamp,
          message,
          ingestionTime: ingested,
          eventId: String(id).padStart(56, '0'),
        })),
        searchedLogStreams: [],
        ...next,
      } satisfies Answer<Logs.FilterLogEventsCommandOutput>;
    },
  };
}

function streamOf(group: LogGroup, name = ''): LogStream {
  const stream = group.streams.get(name);
  if (!stream) throw notFound('The specified log stream does not exist.');
  return stream;
}

type Found = StoredEvent & { logStreamName: string };

function search({ streams }: LogGroup, input: Logs.FilterLogEventsCommandInput): Found[] {
  const { startTime = 0, endTime = Infinity, logStreamNames, logStreamNamePrefix = '' } = input;
  const { match } = logPattern(input.filterPattern);
  const found: Found[] = [];
  for (const { name, events } of streams.values()) {
    if (logStreamNames ? !logStreamNames.includes(name) : !name.startsWith(logStreamNamePrefix)) continue;
    for (const event of events)
      if (event.timestamp >= startTime && event.timestamp <= endTime && match(event.message))
        found.push({ ...event, logStreamName: name });
  }
  return found;
}

const byTime = <Event extends StoredEvent>(events: Event[]): Event[] =>
  events.toSorted((a, b) => a.timestamp - b.timestamp || a.id - b.id);

/** Where a page begins and ends: from the head forwards, or from the tail backwards. */
function range(count: number, limit: number, token: string | undefined, fromHead: boolean): [number, number] {
  const at = token === undefined ? (fromHead ? 0 : count) : Math.min(count, Number(token.slice(2)));
  const forwards = token === undefined ? fromHead : token.startsWith('f/');
  return forwards ? [at, Math.min(count, at + limit)] : [Math.max(0, at - limit), at];
}

function checkOrder(events: Logs.InputLogEvent[]): void {
  for (let i = 1; i < events.length; i++)
    if (events[i]!.timestamp! < events[i - 1]!.timestamp!)
      throw new AwsError(
        'InvalidParameterException',
        'Log events in a single PutLogEvents request must be in chronological order.',
      );
}

/** Events too far ahead or too old are left out, and told. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
function sorted(events: Logs.InputLogEvent[], now: number, retention: number | undefined) {
  const tooNew = now + 2 * 3_600_000;
  const tooOld = now - 14 * 86_400_000;
  const expired = now - (retention ?? Infinity) * 86_400_000;
  const accepted = events.filter(
    ({ timestamp = 0 }) => timestamp <= tooNew && timestamp >= tooOld && timestamp >= expired,
  );
  const first = events.findIndex(({ timestamp = 0 }) => timestamp > tooNew);
  const lastOld = events.findLastIndex(({ timestamp = 0 }) => timestamp < tooOld);
  const lastExpired = events.findLastIndex(({ timestamp = 0 }) => timestamp < expired);
  const rejected: Logs.RejectedLogEventsInfo = {
    ...(first >= 0 && { tooNewLogEventStartIndex: first }),
    ...(lastOld >= 0 && { tooOldLogEventEndIndex: lastOld + 1 }),
    ...(lastExpired >= 0 && { expiredLogEventEndIndex: lastExpired + 1 }),
  };
  return { accepted, rejected: Object.keys(rejected).length > 0 ? rejected : undefined };
}
