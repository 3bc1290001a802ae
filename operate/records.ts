import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Aws } from './aws.ts';
import type { Discovered } from './discovery.ts';

/** What a consumer logged of one message: the fields of functions/runtime/log.ts. Times are milliseconds. */
export interface RecordLine {
  at: string;
  consumer: string;
  outcome: 'committed' | 'duplicate' | 'dead-lettered' | 'retry' | 'unrun';
  waiting: number;
  transit: number;
  processing: number;
  /** Absent, as the next ones, where the message could not be read. */
  type?: string;
  id?: string;
  correlationid?: string;
  causationid?: string;
  traceid?: string;
  /** Why it was dead-lettered, retried or handed back. */
  code?: string;
  /** The same in words, without the message's data. */
  message?: string;
  /** How many events its decision published. @default none */
  published?: number;
}

/** The record lines of all consumers since a moment (milliseconds since 1970), as CloudWatch Logs has them by now. */
export async function* recordLines(
  aws: Aws,
  discovered: Discovered,
  since: number,
): AsyncGenerator<RecordLine> {
  for (const group of await logGroups(aws, discovered)) yield* recordLinesIn(aws, group, since);
}

/** Where the consumers log. */
export function logGroups(aws: Aws, { consumers }: Discovered): Promise<string[]> {
  const groups = Object.values(consumers).map(async ({ function: FunctionName }) => {
    const { LoggingConfig } = await aws(LambdaClient).send(
      new GetFunctionConfigurationCommand({ FunctionName }),
    );
    return LoggingConfig?.LogGroup ?? `/aws/lambda/${FunctionName}`;
  });
  return Promise.all(groups);
}

/** The same of one log group, where a text is in the line. */
export async function* recordLinesIn(
  aws: Aws,
  logGroupName: string,
  since: number,
  text = 'outcome',
): AsyncGenerator<RecordLine> {
  const pages = paginateFilterLogEvents(
    { client: aws(CloudWatchLogsClient) },
    { logGroupName, startTime: since, filterPattern: JSON.stringify(text) },
  );
  for await (const { events = [] } of pages) {
    for (const { message = '' } of events) {
      const line = lineOf(message);
      if (line.consumer !== undefined && line.outcome !== undefined) yield line as RecordLine;
    }
  }
}

/** Handlers write into the same log, what and how they like. */
function lineOf(message: string): Partial<RecordLine> {
  try {
    return message.startsWith('{') ? (JSON.parse(message) as Partial<RecordLine>) : {};
  } catch {
    return {};
  }
}
