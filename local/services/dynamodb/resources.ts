import type { World } from '../../world.ts';

interface Input {
  TableName?: string;
  IndexName?: string;
  ResourceArn?: string;
  StreamArn?: string;
  ShardIterator?: string;
  RequestItems?: Record<string, unknown>;
  TransactItems?: Record<string, { TableName?: string }>[];
}

/** The tables, indexes and streams that a call touches. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html */
export function resourcesOf({ account, region }: World) {
  const arn = (table: string) =>
    table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${account}:table/${table}`;

  return (operation: string, input: Input): string[] => {
    if (operation === 'ListStreams') return ['*'];
    if (input.ShardIterator !== undefined) return [input.ShardIterator.split('|')[0]!];
    if (input.StreamArn ?? input.ResourceArn) return [(input.StreamArn ?? input.ResourceArn)!];
    if (input.RequestItems) return Object.keys(input.RequestItems).map(arn);
    if (input.TransactItems) {
      const tables = input.TransactItems.flatMap((item) =>
        Object.values(item).map((action) => arn(action.TableName ?? '*')),
      );
      return [...new Set(tables)];
    }
    if (input.TableName === undefined) return ['*'];
    return [arn(input.TableName) + (input.IndexName === undefined ? '' : `/index/${input.IndexName}`)];
  };
}
