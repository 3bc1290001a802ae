import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Aws } from '../aws.ts';
import type { Discovered } from '../discovery.ts';
import { lettersOf, type Letter } from '../letters/letter.ts';
import { letterQueues } from '../letters/queues.ts';
import { logGroups, recordLinesIn, type RecordLine } from '../records.ts';

/** Where a message is, and what happened to it and to what came of it. */
export interface Trace {
  /** What consumers logged of it, of its effects and of all that began with it, in the order of time. */
  lines: RecordLine[];
  /** Who has applied it, by the marks in their tables; RFC 3339. */
  applied: { consumer: string; at: string }[];
  /** What was given up of it and of all that began with it. */
  letters: Letter[];
}

/** `since` bounds the search in the logs, milliseconds since 1970; marks and dead letters are found whatever their age. */
export async function traceOf(aws: Aws, discovered: Discovered, id: string, since: number): Promise<Trace> {
  const [lines, applied, letters] = await Promise.all([
    linesOf(aws, discovered, id, since),
    marksOf(aws, discovered, id),
    lettersOf(aws, letterQueues(discovered)),
  ]);
  const ours = letters.filter(({ reason }) => reason.id === id || reason.correlationid === id);
  return { lines, applied, letters: ours };
}

async function linesOf(aws: Aws, discovered: Discovered, id: string, since: number): Promise<RecordLine[]> {
  const found: RecordLine[] = [];
  for (const group of await logGroups(aws, discovered))
    for await (const line of recordLinesIn(aws, group, since, id))
      if ([line.id, line.causationid, line.correlationid].includes(id)) found.push(line);
  return found.toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

async function marksOf(aws: Aws, { consumers }: Discovered, id: string): Promise<Trace['applied']> {
  const marks = Object.entries(consumers).map(async ([consumer, { table: TableName }]) => {
    if (TableName === undefined) return [];
    const { Item } = await aws(DynamoDBClient).send(
      new GetItemCommand({ TableName, Key: { pk: { S: `m#${id}` } }, ConsistentRead: true }),
    );
    return Item ? [{ consumer, at: new Date(Number(Item['at']?.N)).toISOString() }] : [];
  });
  return (await Promise.all(marks)).flat();
}
