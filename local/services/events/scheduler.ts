/** Fires the rules that have a schedule. */
import type { Timer } from '../../clock.ts';
import type { World } from '../../world.ts';
import type { Rule } from './bus.ts';
import { sealed, type Envelope } from './event.ts';
import { isEnabled } from './routing.ts';
import { parseSchedule, type Schedule } from './schedule.ts';

/** A rule that is due again and again. */
interface Scheduled {
  expression: string;
  schedule: Schedule;
  /** When it was created, enabled or changed: a rate counts from here. */
  from: number;
  timer: Timer | undefined;
}

/** Tells when a rule is new, different or gone. No timer is set for what would reach nobody. */
export function scheduler(world: World, fire: (rule: Rule, event: Envelope) => void): (rule: Rule) => void {
  const { clock } = world;
  const all = new WeakMap<Rule, Scheduled>();

  const arm = (rule: Rule, scheduled: Scheduled) => {
    scheduled.timer?.cancel();
    const due = rule.targets.size > 0 ? scheduled.schedule(clock.now(), scheduled.from) : undefined;
    scheduled.timer =
      due === undefined
        ? undefined
        : clock.after(due - clock.now(), () => {
            fire(rule, scheduledEvent(world, rule, due));
            arm(rule, scheduled);
          });
  };

  return (rule) => {
    const before = all.get(rule);
    const expression = rule.scheduleExpression;
    if (!expression || !isEnabled(rule) || rule.bus.rules.get(rule.name) !== rule) {
      before?.timer?.cancel();
      all.delete(rule);
      rule.scheduled = undefined;
    } else if (before?.expression === expression) {
      arm(rule, before);
    } else {
      before?.timer?.cancel();
      const schedule = parseSchedule(expression);
      if (rule.scheduled?.expression !== expression) rule.scheduled = { expression, from: clock.now() };
      const scheduled = { ...rule.scheduled, schedule, timer: undefined };
      all.set(rule, scheduled);
      arm(rule, scheduled);
    }
  };
}

const scheduledEvent = ({ random, account, region, clock }: World, rule: Rule, due: number) =>
  sealed({
    id: random.uuid(),
    source: 'aws.events',
    detailType: 'Scheduled Event',
    time: Math.floor(due / 1000) * 1000,
    resources: [rule.arn],
    detail: '{}',
    account,
    region,
    ingested: clock.now(),
  });
