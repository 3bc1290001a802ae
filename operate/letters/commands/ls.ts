import { connect } from '../../connect.ts';
import { EXIT } from '../../errors.ts';
import { counted } from '../../table.ts';
import { lettersIn } from '../letter.ts';
import { nameOf, queuesNamed } from '../queues.ts';
import { groupsOf, renderGroups } from '../summary.ts';

export interface DlqOptions {
  stage: string;
  pipeline: string;
  json?: boolean;
}

/** `spillway dlq ls`: what lies where, and why. */
export async function ls(name: string | undefined, options: DlqOptions): Promise<number> {
  const { aws, discovered } = await connect(options);
  const queues = queuesNamed(discovered, name);
  const looked = await Promise.all(queues.map((queue) => lettersIn(aws, queue)));
  const letters = looked.flatMap((one) => one.letters);
  const groups = groupsOf(letters);
  const behind = looked.reduce((sum, one) => sum + one.behind, 0);
  if (options.json) {
    const list = queues.map(({ owner, kind, url }, i) => ({
      consumer: owner,
      kind,
      queue: nameOf(url),
      letters: looked[i]!.seen + looked[i]!.behind,
    }));
    console.log(JSON.stringify({ letters: letters.length + behind, groups, queues: list }));
  } else if (letters.length + behind === 0)
    console.log(`No dead letters in ${counted(queues.length, 'queue')}.`);
  else {
    const filled = looked.filter(({ seen }) => seen > 0).length;
    console.log(`${renderGroups(groups, Date.now())}\n`);
    console.log(
      `${counted(letters.length + behind, 'letter')} in ${filled} of ${counted(queues.length, 'queue')}.`,
    );
    if (behind > 0) console.log(`${counted(behind, 'letter')} could not be looked at behind others.`);
    console.log(`Why, and what to do: spillway dlq show ${name ?? groups[0]?.consumer ?? ''}`);
  }
  return EXIT.ok;
}
