import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreatePipeCommand, PipesClient, type CreatePipeCommandInput } from '@aws-sdk/client-pipes';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { LocalOptions } from '../../../local/index.ts';
import { streamedTable } from '../dynamodb/streamed.ts';
import { eventing } from '../events/eventing.ts';
import { withRole } from '../iam/role.ts';
import { ROLE, zip } from '../lambda/fixture.ts';

/** The role of pipes, which may do everything. */
export const PIPE_ROLE = 'arn:aws:iam::000000000000:role/pipe';

/** An embedded AWS with what most tests of pipes begin with. */
export async function piping(options: LocalOptions = {}) {
  const aws = await eventing(options);
  const pipes = aws.client(PipesClient);
  const everything = [{ Effect: 'Allow', Action: '*', Resource: '*' }] as const;
  await withRole(aws, {
    name: 'pipe',
    trust: { Service: 'pipes.amazonaws.com' },
    statements: [...everything],
  });
  await withRole(aws, { name: 'function', statements: [...everything] });

  return {
    ...aws,
    pipes,
    pipe: (input: Partial<CreatePipeCommandInput>) =>
      pipes.send(
        new CreatePipeCommand({
          Name: 'p',
          RoleArn: PIPE_ROLE,
          Source: undefined,
          Target: undefined,
          ...input,
        }),
      ),
    /** A table with a stream. Answers the stream's ARN. */
    table: () => streamedTable(aws),
    async putItems(...keys: string[]) {
      for (const key of keys)
        await aws
          .client(DynamoDBClient)
          .send(new PutItemCommand({ TableName: 'table', Item: { pk: { S: key } } }));
    },
    /** What a queue holds, of JSON. */
    parsed: async (queue: string) =>
      (await aws.bodies(queue)).map((body) => JSON.parse(body) as Record<string, unknown>),
    /** What a log group holds, line by line. */
    async lines(logGroupName: string): Promise<string[]> {
      const { events = [] } = await aws
        .client(CloudWatchLogsClient)
        .send(new FilterLogEventsCommand({ logGroupName }));
      return events.map(({ message = '' }) => message.trim());
    },
    /** Sends to the queue; what is no text is sent as JSON. */
    async send(queue: string, ...bodies: unknown[]) {
      const QueueUrl = `http://127.0.0.1:4566/000000000000/${queue.split(':').at(-1)}`;
      for (const body of bodies) {
        const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
        await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      }
    },
    /** A function whose handler is the body of a function of `event`. Answers its ARN. */
    async function(FunctionName: string, body: string): Promise<string> {
      const code = `exports.handler = async (event) => { ${body} };`;
      const { FunctionArn } = await aws.client(LambdaClient).send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: ROLE,
          Code: { ZipFile: zip({ 'index.js': code }) },
        }),
      );
      return FunctionArn!;
    },
  };
}
