import { connect } from '../connect.ts';
import { EXIT } from '../errors.ts';
import { renderLetters } from '../letters/summary.ts';
import { spanOf } from '../moment.ts';
import { table } from '../table.ts';
import { row, ROW } from './row.ts';
import { traceOf, type Trace } from './trace.ts';

export interface TraceOptions {
  stage: string;
  pipeline: string;
  since: string;
  json?: boolean;
}

export async function trace(id: string, options: TraceOptions): Promise<number> {
  const now = Date.now();
  const { since = now } = spanOf(options, now);
  const { aws, discovered } = await connect(options);
  const found = await traceOf(aws, discovered, id, since);
  const known = found.lines.length + found.applied.length + found.letters.length > 0;
  if (options.json) console.log(JSON.stringify(found));
  else
    console.log(
      known
        ? rendered(id, found, now)
        : `Nothing is known of ${id} since ${new Date(since).toISOString()}. It may still wait in a queue; on AWS logs are minutes late.`,
    );
  return known ? EXIT.ok : EXIT.nothing;
}

const rendered = (id: string, { lines, applied, letters }: Trace, now: number): string =>
  [
    ...(lines.length > 0 ? [table(ROW, lines.map(row)), ''] : []),
    applied.length === 0
      ? `${id} was applied by nobody.`
      : `${id} was applied by ${applied.map(({ consumer, at }) => `${consumer} (${at})`).join(', ')}.`,
    ...(letters.length > 0 ? ['', renderLetters(letters, now)] : []),
  ].join('\n');
