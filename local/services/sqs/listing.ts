import type * as SQS from '@aws-sdk/client-sqs';
import type { Answer, Call } from '../../service.ts';
import { invalidParameter, invalidValue, queueDoesNotExist } from './errors.ts';
import type { Queue } from './queue.ts';
import { redriveOf } from './redrive.ts';
import { urlOf, type Queues } from './registry.ts';

/** GetQueueUrl, ListQueues and ListDeadLetterSourceQueues. */
export const listing = (queues: Queues) => ({
  GetQueueUrl(
    { QueueName, QueueOwnerAWSAccountId }: SQS.GetQueueUrlCommandInput,
    call: Call,
  ): Answer<SQS.GetQueueUrlCommandOutput> {
    if (!QueueName)
      throw invalidParameter('Value for parameter QueueName is invalid. Reason: Must specify a queue name.');
    const queue = queues.named(QueueName);
    if (!queue || (QueueOwnerAWSAccountId ?? call.account) !== call.account) throw queueDoesNotExist(call);
    return { QueueUrl: urlOf(queue, call) };
  },

  ListQueues(
    { QueueNamePrefix = '', ...page }: SQS.ListQueuesCommandInput,
    call: Call,
  ): Answer<SQS.ListQueuesCommandOutput> {
    const found = queues.all().filter(({ name }) => name.startsWith(QueueNamePrefix));
    const { urls, NextToken } = paged(found, page, call);
    return urls.length > 0 ? { QueueUrls: urls, NextToken } : {};
  },

  ListDeadLetterSourceQueues(
    { QueueUrl, ...page }: SQS.ListDeadLetterSourceQueuesCommandInput,
    call: Call,
  ): Answer<SQS.ListDeadLetterSourceQueuesCommandOutput> {
    const { arn } = queues.at(QueueUrl, call);
    const found = queues.all().filter((queue) => redriveOf(queue)?.deadLetterTargetArn === arn);
    const { urls, NextToken } = paged(found, page, call);
    return { queueUrls: urls, NextToken };
  },
});

/** At most a thousand; there is a next page only for who asked for pages. The token holds the last name of this one. */
function paged(
  queues: Queue[],
  { MaxResults, NextToken }: Pick<SQS.ListQueuesRequest, 'MaxResults' | 'NextToken'>,
  call: Call,
): { urls: string[]; NextToken: string | undefined } {
  if (MaxResults !== undefined && (MaxResults < 1 || MaxResults > 1000))
    throw invalidValue(MaxResults, 'MaxResults', 'MaxResults must be an integer between 1 and 1000.');
  const after = Buffer.from(NextToken ?? '', 'base64').toString();
  const rest = queues.filter(({ name }) => name > after);
  const page = rest.slice(0, MaxResults ?? 1000);
  const more = MaxResults !== undefined && rest.length > page.length;
  return {
    urls: page.map((queue) => urlOf(queue, call)),
    NextToken: more ? Buffer.from(page.at(-1)!.name).toString('base64') : undefined,
  };
}
