import { join } from 'node:path';
import { confirmed } from '../../confirm.ts';
import { connect } from '../../connect.ts';
import { EXIT, OperateError } from '../../errors.ts';
import { interruption } from '../../interrupted.ts';
import { progress } from '../../progress.ts';
import { counted } from '../../table.ts';
import { filterOf, type FilterOptions } from '../filter.ts';
import { lettersInAll } from '../letter.ts';
import { purge } from '../purge.ts';
import { queuesNamed } from '../queues.ts';
import { groupsOf, renderBehind, renderGroups } from '../summary.ts';
import type { DlqOptions } from './ls.ts';

export interface PurgeOptions extends DlqOptions, FilterOptions {
  export?: string;
  discard?: boolean;
  dryRun?: boolean;
  yes?: boolean;
}

/** `spillway dlq purge`: into a file and out of the queues. */
export async function purgeLetters(name: string | undefined, options: PurgeOptions): Promise<number> {
  const { stage, pipeline, json, dryRun, yes } = options;
  if (options.discard && options.export !== undefined)
    throw new OperateError('BAD_OPTION', 'Give --export or --discard, not both');
  const filter = await filterOf(options, Date.now());
  const { aws, discovered } = await connect(options);
  const { letters, behind } = await lettersInAll(aws, queuesNamed(discovered, name), filter);
  const moment = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const exportTo = options.discard
    ? undefined
    : (options.export ?? join('.spillway', `purged-${pipeline}-${stage}-${moment}.jsonl`));
  const say = json ? console.error : console.log;
  const tell = (result: object) => {
    if (json)
      console.log(JSON.stringify({ count: letters.length, behind, plan: groupsOf(letters), ...result }));
  };
  if (letters.length === 0) {
    say('No letter matches; nothing was changed.');
    tell({});
    return EXIT.nothing;
  }
  say(`${renderGroups(groupsOf(letters), Date.now())}\n`);
  const what = `${counted(letters.length, 'letter')} ${exportTo === undefined ? 'for good, without an export' : `into ${exportTo}`}`;
  if (dryRun) {
    say(`This would purge ${what}; nothing was changed.`);
    tell({});
    return EXIT.ok;
  }
  if (!(await confirmed(`Purge ${what}?`, yes))) {
    say('Nothing was changed.');
    return EXIT.failed;
  }
  const bar = progress('letters', letters.length);
  const stopped = interruption();
  const purged = await purge(aws, letters, { exportTo, stopped, onPurged: bar.at }).finally(bar.stop);
  say(`Purged ${purged.purged} of ${what}.`);
  if (behind > 0) say(renderBehind(behind));
  tell({ ...purged, ...(exportTo !== undefined && { exportedTo: exportTo }) });
  return purged.left + behind > 0 ? EXIT.partial : EXIT.ok;
}
