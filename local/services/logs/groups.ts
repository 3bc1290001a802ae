import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { CheckKey } from './encryption.ts';
import { paged } from './paging.ts';
import { newGroup, newStream, notFound, type LogGroup, type LogStore } from './store.ts';

/** Log groups and streams: made, described, kept for so long, tagged, deleted. */
export const groupOperations = (store: LogStore, checkKey: CheckKey) => ({
  ...making(store, checkKey),
  ...describing(store),
  ...retaining(store),
  ...tagging(store),
});

function making({ world, groups, groupOf, forget, arn }: LogStore, checkKey: CheckKey) {
  return {
    async CreateLogGroup({
      logGroupName = '',
      tags = {},
      logGroupClass,
      kmsKeyId,
    }: Logs.CreateLogGroupCommandInput) {
      if (logGroupClass && logGroupClass !== 'STANDARD')
        throw notModelled(`log groups of class ${logGroupClass}`);
      if (kmsKeyId) await checkKey(arn(logGroupName), kmsKeyId);
      if (groups.has(logGroupName)) throw exists('The specified log group already exists');
      groups.set(logGroupName, { ...newGroup(logGroupName, world.clock.now()), tags, kmsKeyId });
      return {} satisfies Answer<Logs.CreateLogGroupCommandOutput>;
    },

    DeleteLogGroup({ logGroupName }: Logs.DeleteLogGroupCommandInput) {
      const { name, streams } = groupOf(logGroupName);
      groups.delete(name);
      forget(name, streams.keys());
      return {} satisfies Answer<Logs.DeleteLogGroupCommandOutput>;
    },

    CreateLogStream({ logGroupName, logStreamName = '' }: Logs.CreateLogStreamCommandInput) {
      const { streams } = groupOf(logGroupName);
      if (streams.has(logStreamName)) throw exists('The specified log stream already exists');
      streams.set(logStreamName, newStream(logStreamName, world.clock.now()));
      return {} satisfies Answer<Logs.CreateLogStreamCommandOutput>;
    },

    DeleteLogStream({ logGroupName, logStreamName = '' }: Logs.DeleteLogStreamCommandInput) {
      const group = groupOf(logGroupName);
      const stream = group.streams.get(logStreamName);
      if (!stream) throw notFound('The specified log stream does not exist.');
      for (const { message } of stream.events) group.bytes -= message.length + 26;
      group.streams.delete(logStreamName);
      forget(group.name, [logStreamName]);
      return {} satisfies Answer<Logs.DeleteLogStreamCommandOutput>;
    },
  };
}

const described = (
  { name, created, retention, bytes, metricFilters, kmsKeyId }: LogGroup,
  arn: string,
): Logs.LogGroup => ({
  logGroupName: name,
  creationTime: created,
  ...(retention !== undefined && { retentionInDays: retention }),
  ...(kmsKeyId !== undefined && { kmsKeyId }),
  metricFilterCount: metricFilters.size,
  arn: `${arn}:*`,
  logGroupArn: arn,
  storedBytes: bytes,
  logGroupClass: 'STANDARD',
});

function describing({ groups, groupOf, arn }: LogStore) {
  return {
    DescribeLogGroups(input: Logs.DescribeLogGroupsCommandInput) {
      const { logGroupNamePrefix: prefix = '', logGroupNamePattern, limit = 50, nextToken } = input;
      if (input.includeLinkedAccounts) throw notModelled('linked accounts of log groups');
      const all = [...groups.values()]
        .filter(({ name }) => name.startsWith(prefix) && name.includes(logGroupNamePattern ?? ''))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { page, next } = paged(all, nextToken, limit);
      return {
        logGroups: page.map((group) => described(group, arn(group.name))),
        ...next,
      } satisfies Answer<Logs.DescribeLogGroupsCommandOutput>;
    },

    DescribeLogStreams(input: Logs.DescribeLogStreamsCommandInput) {
      const {
        logGroupName,
        logGroupIdentifier,
        logStreamNamePrefix: prefix = '',
        orderBy,
        descending,
        limit = 50,
      } = input;
      const group = groupOf(logGroupName ?? logGroupIdentifier);
      const all = [...group.streams.values()]
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name, created, events, lastIngested }) => ({
          logStreamName: name,
          creationTime: created,
          ...(events.length > 0 && {
            firstEventTimestamp: events[0]!.timestamp,
            lastEventTimestamp: events.at(-1)!.timestamp,
            lastIngestionTime: lastIngested,
          }),
          uploadSequenceToken: '0',
          arn: `${arn(group.name)}:log-stream:${name}`,
          storedBytes: 0,
        }));
      all.sort((a, b) =>
        orderBy === 'LastEventTime' ? byTime(a) - byTime(b) : a.logStreamName < b.logStreamName ? -1 : 1,
      );
      const { page, next } = paged(descending ? all.toReversed() : all, input.nextToken, limit);
      return { logStreams: page, ...next } satisfies Answer<Logs.DescribeLogStreamsCommandOutput>;
    },
  };
}

const byTime = (stream: Logs.LogStream) => stream.lastEventTimestamp ?? stream.creationTime ?? 0;

function retaining({ groupOf }: LogStore) {
  return {
    PutRetentionPolicy({ logGroupName, retentionInDays = 0 }: Logs.PutRetentionPolicyCommandInput) {
      const group = groupOf(logGroupName);
      if (!RETENTION.has(retentionInDays))
        throw new AwsError(
          'InvalidParameterException',
          `Invalid retention value. Valid values are: [${[...RETENTION].join(', ')}]`,
        );
      group.retention = retentionInDays;
      return {} satisfies Answer<Logs.PutRetentionPolicyCommandOutput>;
    },
    DeleteRetentionPolicy({ logGroupName }: Logs.DeleteRetentionPolicyCommandInput) {
      groupOf(logGroupName).retention = undefined;
      return {} satisfies Answer<Logs.DeleteRetentionPolicyCommandOutput>;
    },
  };
}

/** In days. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

function tagging({ groupOf }: LogStore) {
  return {
    TagResource({ resourceArn, tags }: Logs.TagResourceCommandInput) {
      Object.assign(groupOf(resourceArn).tags, tags);
      return {} satisfies Answer<Logs.TagResourceCommandOutput>;
    },
    UntagResource({ resourceArn, tagKeys = [] }: Logs.UntagResourceCommandInput) {
      const { tags } = groupOf(resourceArn);
      for (const key of tagKeys) delete tags[key];
      return {} satisfies Answer<Logs.UntagResourceCommandOutput>;
    },
    ListTagsForResource({ resourceArn }: Logs.ListTagsForResourceCommandInput) {
      return { tags: groupOf(resourceArn).tags } satisfies Answer<Logs.ListTagsForResourceCommandOutput>;
    },
    TagLogGroup({ logGroupName, tags }: Logs.TagLogGroupCommandInput) {
      Object.assign(groupOf(logGroupName).tags, tags);
      return {} satisfies Answer<Logs.TagLogGroupCommandOutput>;
    },
    UntagLogGroup({ logGroupName, tags = [] }: Logs.UntagLogGroupCommandInput) {
      const group = groupOf(logGroupName);
      for (const key of tags) delete group.tags[key];
      return {} satisfies Answer<Logs.UntagLogGroupCommandOutput>;
    },
    ListTagsLogGroup({ logGroupName }: Logs.ListTagsLogGroupCommandInput) {
      return { tags: groupOf(logGroupName).tags } satisfies Answer<Logs.ListTagsLogGroupCommandOutput>;
    },
  };
}

const exists = (message: string) => new AwsError('ResourceAlreadyExistsException', message);
