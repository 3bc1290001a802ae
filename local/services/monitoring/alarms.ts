/**
 * Alarms and when they are looked at: at the end of a period while there is something that may change them, and when
 * somebody asks. Time that passes without datapoints sets no timers.
 */
import type { World } from '../../world.ts';
import { breaches, judged, rangeOf, type Alarm, type Verdict } from './alarm.ts';
import { composites } from './composite.ts';
import { IDLE_MINUTES, MINUTE, type Held } from './minutes.ts';
import { latestOf } from './store.ts';
import { transitions } from './transition.ts';

export interface Alarms {
  find(name: string): Alarm | undefined;
  withArn(arn: string): Alarm | undefined;
  all(): Alarm[];
  /** Adds or replaces. */
  put(alarm: Alarm): void;
  remove(alarm: Alarm): void;
  /** Says the state, which holds until the alarm is judged again: at the next full minute. */
  say(alarm: Alarm, verdict: Verdict, reasonData?: string): void;
  /** Brings every state up to now. */
  evaluate(): void;
}

export function alarms(world: World): Alarms {
  const { clock } = world;
  const byName = new Map<string, Alarm>();
  keep(byName, world);
  const watchers = new WeakMap<Alarm, () => void>();
  const become = transitions(world);
  const affected = composites(byName);

  const set = (alarm: Alarm, verdict: Verdict, reasonData?: string) => {
    const before = alarm.state;
    become(alarm, verdict, reasonData);
    if (alarm.state === before) return;
    for (const [composite, state] of affected()) set(composite, state);
  };
  const evaluateOne = (alarm: Alarm) => {
    const verdict = verdictOf(alarm, clock.now());
    if (verdict && verdict.state !== alarm.state) set(alarm, verdict);
  };
  const arm = (alarm: Alarm, at: number | undefined) => {
    if (at === undefined || alarm.timer) return;
    alarm.timer = clock.after(at - clock.now(), () => {
      alarm.timer = undefined;
      evaluateOne(alarm);
      arm(alarm, nextLook(alarm, clock.now()));
    });
  };
  const forget = (alarm: Alarm) => {
    alarm.timer?.cancel();
    for (const metric of alarm.query?.metrics ?? []) metric.watchers.delete(watchers.get(alarm)!);
    byName.delete(alarm.name);
  };

  return {
    find: (name) => byName.get(name),
    withArn: (arn) => [...byName.values()].find((alarm) => alarm.arn === arn),
    all: () => [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    put(alarm) {
      const before = byName.get(alarm.name);
      if (before) forget(before);
      byName.set(alarm.name, alarm);
      if (alarm.query) {
        const { period, metrics } = alarm.query;
        const look = () => arm(alarm, endOfPeriod(clock.now(), period));
        watchers.set(alarm, look);
        for (const metric of metrics) metric.watchers.add(look);
        look();
      } else for (const [composite, state] of affected()) set(composite, state);
    },
    remove: forget,
    say(alarm, verdict, reasonData) {
      set(alarm, verdict, reasonData);
      alarm.saidUntil = endOfPeriod(clock.now(), MINUTE);
      alarm.timer?.cancel();
      alarm.timer = undefined;
      if (alarm.query) arm(alarm, alarm.saidUntil);
    },
    evaluate() {
      for (const alarm of byName.values()) evaluateOne(alarm);
    },
  };
}

/** What it makes of what there is now; undefined: nothing new. */
function verdictOf({ query, given, saidUntil = 0 }: Alarm, now: number): Verdict | undefined {
  if (!query || now < saidUntil) return undefined;
  const { period, points } = query;
  const length = rangeOf(given);
  const from = Math.floor(now / period) * period - length * period;
  return judged(given, points(from, length), (i) => from + i * period);
}

/** What an alarm watches is looked up anew by whoever starts it again. */
const keep = (byName: Map<string, Alarm>, { durable }: World) =>
  durable?.map('monitoring/alarms', byName, {
    store: ({ query: _query, timer: _timer, ...alarm }) => alarm,
    load: (alarm: Omit<Alarm, 'query' | 'timer'>): Alarm => ({
      ...alarm,
      query: undefined,
      timer: undefined,
    }),
  });

const endOfPeriod = (now: number, period: number) => (Math.floor(now / period) + 1) * period;

/** When an alarm may next change without a new datapoint; undefined: never. */
function nextLook({ query, given }: Alarm, now: number): number | undefined {
  const { period, metrics } = query!;
  const window = (rangeOf(given) + 1) * period;
  const latest = Math.max(...metrics.map((metric) => latestOf(metric) ?? -Infinity));
  if (latest + window <= now) return undefined;
  const next = endOfPeriod(now, period);
  const [metric, ...others] = metrics;
  const held = others.length === 0 ? [...metric!.units.values()][0]?.held() : undefined;
  if (!held || held.since + window > now) return next;
  const changes = changeOf(held, given);
  return changes !== undefined && changes + window > now
    ? Math.max(next, endOfPeriod(changes, period))
    : undefined;
}

/** When a value that stands, or grows by itself, will mean something else; undefined: never. */
function changeOf(held: Held, given: Alarm['given']): number | undefined {
  if (held.perSecond > 0)
    return breaches(given, held.value)
      ? undefined
      : held.since + (((given.Threshold ?? 0) - held.value) / held.perSecond) * 1000;
  return held.value === 0 ? held.since + IDLE_MINUTES * MINUTE : undefined;
}
