import { connect } from '../../connect.ts';
import { EXIT } from '../../errors.ts';
import { counted } from '../../table.ts';
import { filterOf, type FilterOptions } from '../filter.ts';
import { lettersInAll, type Letter } from '../letter.ts';
import { nameOf, queuesNamed } from '../queues.ts';
import { renderLetters } from '../summary.ts';
import type { DlqOptions } from './ls.ts';

export interface ShowOptions extends DlqOptions, FilterOptions {
  limit: number;
  body?: boolean;
}

/** `spillway dlq show`: letter by letter, the oldest first. */
export async function show(name: string | undefined, options: ShowOptions): Promise<number> {
  const { limit, body: bodies = false, json } = options;
  const filter = await filterOf(options, Date.now());
  const { aws, discovered } = await connect(options);
  const { letters, behind } = await lettersInAll(aws, queuesNamed(discovered, name), filter, { bodies });
  letters.sort((a, b) => (a.reason.last < b.reason.last ? -1 : 1));
  const shown = letters.slice(0, limit);
  if (json) console.log(JSON.stringify({ count: letters.length, behind, letters: shown.map(plain) }));
  else if (letters.length === 0) console.log('No letter matches.');
  else {
    console.log(renderLetters(shown, Date.now()));
    if (shown.length < letters.length)
      console.log(`\n${shown.length} of ${letters.length} letters; --limit shows more.`);
  }
  if (!json && behind > 0) console.log(`${counted(behind, 'letter')} could not be looked at behind others.`);
  return letters.length === 0 ? EXIT.nothing : EXIT.ok;
}

const plain = ({ queue, letterId, origin, reason, body }: Letter) => ({
  queue: nameOf(queue.url),
  kind: queue.kind,
  origin,
  letterId,
  reason,
  body,
});
