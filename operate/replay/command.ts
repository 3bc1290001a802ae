import { confirmed } from '../confirm.ts';
import { connect } from '../connect.ts';
import { EXIT } from '../errors.ts';
import { interruption } from '../interrupted.ts';
import { spanOf } from '../moment.ts';
import { progress } from '../progress.ts';
import { counted } from '../table.ts';
import { planReplay, type Replay } from './plan.ts';
import { replay, type Replayed } from './replay.ts';

export interface ReplayOptions {
  stage: string;
  pipeline: string;
  to?: string[];
  allRules?: boolean;
  since: string;
  until?: string;
  mayRepeat?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

export async function replayEvents(options: ReplayOptions): Promise<number> {
  const { pipeline, stage, to = [], allRules, mayRepeat, dryRun, yes, json } = options;
  const now = Date.now();
  const span = spanOf(options, now);
  const { aws, discovered } = await connect(options);
  const plan = await planReplay(aws, discovered, { ...span, to, allRules, mayRepeat, now });
  const say = json ? console.error : console.log;
  const tell = (result: Partial<Replayed>) => {
    if (json) console.log(JSON.stringify({ ...inPlain(plan), ...result }));
  };
  say(rendered(plan));
  if (dryRun) {
    say('Nothing was replayed.');
    tell({});
    return EXIT.ok;
  }
  if (!(await confirmed('Replay?', yes))) {
    say('Nothing was replayed.');
    return EXIT.failed;
  }
  const name = `${pipeline}-${stage}-${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}`.slice(-64);
  const minutes = (ms: number) => Math.ceil((ms - plan.from) / 60_000);
  const bar = progress('minutes of events', minutes(plan.to));
  const replayed = await replay(aws, plan, {
    name,
    stopped: interruption(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onReached: (time) => bar.at(minutes(time)),
  }).finally(bar.stop);
  say(ended(replayed));
  tell(replayed);
  return replayed.state === 'COMPLETED' ? EXIT.ok : replayed.reached ? EXIT.partial : EXIT.failed;
}

const inPlain = ({ from, to, rules, atMost }: Replay) => ({
  since: new Date(from).toISOString(),
  until: new Date(to).toISOString(),
  to: rules.map(({ consumer }) => consumer),
  atMost,
});

function rendered({ from, to, rules, atMost }: Replay): string {
  const whom =
    rules.length === 0 ? 'every rule of the bus' : rules.map(({ consumer }) => consumer).join(', ');
  return [
    `Replay to ${whom}:`,
    `  events from ${new Date(from).toISOString()} until ${new Date(to).toISOString()},`,
    `  at most the ${counted(atMost, 'event')} of the archive, which counts itself as a whole only.`,
    '  What was applied before stays as it is: consumers know the ids of what they have handled.',
  ].join('\n');
}

function ended({ name, state, reached, reason }: Replayed): string {
  const far = reached === undefined ? 'no event was replayed' : `events were replayed up to ${reached}`;
  if (state === 'COMPLETED') return `Replay ${name} is done: ${far}. What becomes of them: spillway status.`;
  if (state === 'FAILED') return `Replay ${name} failed: ${reason}; ${far}.`;
  return `Replay ${name} was cancelled: ${far}.${reached === undefined ? '' : ` To go on: --since ${reached}`}`;
}
