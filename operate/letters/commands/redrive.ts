import { join } from 'node:path';
import { confirmed } from '../../confirm.ts';
import { connect } from '../../connect.ts';
import { EXIT } from '../../errors.ts';
import { interruption } from '../../interrupted.ts';
import { progress } from '../../progress.ts';
import { counted } from '../../table.ts';
import { filterOf, type FilterOptions } from '../filter.ts';
import { openJournal } from '../journal.ts';
import { planRedrive } from '../plan.ts';
import { queuesNamed } from '../queues.ts';
import { redrive } from '../redrive.ts';
import { groupsOf, renderBehind, renderPlan } from '../summary.ts';
import type { Moved, Plan } from '../transfer.ts';
import type { DlqOptions } from './ls.ts';

export interface RedriveOptions extends DlqOptions, FilterOptions {
  limit?: number;
  rate?: number;
  native?: boolean;
  mayRepeat?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** `spillway dlq redrive`: back to where they were meant for. */
export async function redriveLetters(name: string | undefined, options: RedriveOptions): Promise<number> {
  const { pipeline, stage, rate, json, dryRun, yes } = options;
  const filter = await filterOf(options, Date.now());
  const { aws, discovered } = await connect(options);
  const journal = openJournal(join('.spillway', `redrive-${pipeline}-${stage}.jsonl`));
  const plan = await planRedrive(aws, queuesNamed(discovered, name), { ...options, filter, journal });
  const letters = plan.transfers.flatMap((transfer) => transfer.letters);
  const say = json ? console.error : console.log;
  const tell = (result: Partial<Moved & { behind: number }>) => {
    if (json) console.log(JSON.stringify({ count: letters.length, plan: groupsOf(letters), ...result }));
  };
  if (letters.length === 0) {
    say('No letter matches; nothing was changed.');
    tell({});
    return EXIT.nothing;
  }
  const journalled = letters.filter(({ letterId }) => journal.has(letterId)).length;
  say(`${renderPlan(plan, journalled)}\n`);
  if (dryRun) {
    say(`${counted(letters.length, 'letter')} would go back; nothing was changed.`);
    tell({});
    return EXIT.ok;
  }
  if (!(await confirmed(`Send ${counted(letters.length, 'letter')} back?`, yes))) {
    say('Nothing was changed.');
    return EXIT.failed;
  }
  const bar = progress('letters', letters.length);
  const moved = await redrive(aws, plan, {
    journal,
    rate,
    stopped: interruption(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onMoved: bar.at,
  }).finally(bar.stop);
  say(renderMoved(moved));
  const behind = options.limit === undefined ? behindOf(plan) : 0;
  if (behind > 0) say(renderBehind(behind));
  tell({ ...moved, behind });
  return moved.left + behind > 0 || moved.failures.length > 0 ? EXIT.partial : EXIT.ok;
}

/** What was behind the letters that went one by one; SQS takes a queue as a whole. */
const behindOf = ({ transfers }: Plan): number =>
  transfers.reduce((sum, { by, behind }) => (by === 'letters' ? sum + behind : sum), 0);

const renderMoved = ({ moved, folded, left, failures }: Moved): string =>
  [
    `${counted(moved, 'letter')} went back, ${left} left.`,
    ...(folded > 0 ? [`Besides, there were copies of them: ${folded}, deleted.`] : []),
    ...failures.map((failure) => `  ${failure}`),
    left > 0
      ? 'The same command goes on with what is left.'
      : 'What becomes of them: spillway status. Those that fail again come back as dead letters, and say how often.',
  ].join('\n');
