/** How often the keys of usage plans may call in a day, a week or a month, and how often they have. */
import type { QuotaSettings } from '@aws-sdk/client-api-gateway';
import type { World } from '../../world.ts';

export interface Quotas {
  /** Counts one request; `false` when the quota is used up. */
  use(planId: string, keyId: string, quota: QuotaSettings): boolean;
  /** What was used of each day, `[used, remaining]`, from one day to another, both as `2030-01-01`. */
  usage(
    planId: string,
    keyId: string,
    quota: QuotaSettings | undefined,
    from: string,
    to: string,
  ): number[][];
  /** The keys of a plan that have been used. */
  keysOf(planId: string): string[];
  /** Has just so many requests remain in this period. */
  grant(planId: string, keyId: string, quota: QuotaSettings, remaining: number): void;
}

/** Requests by the day on which they came. */
type Days = Map<string, number>;

export function quotasOf({ clock, durable }: World): Quotas {
  /** By plan and key: `PLAN/KEY`. */
  const used = new Map<string, Days>();
  durable?.map('apigateway-usage/days', used);
  const daysOf = (planId: string, keyId: string): Days => {
    const name = `${planId}/${keyId}`;
    const days = used.get(name) ?? new Map<string, number>();
    used.set(name, days);
    return days;
  };
  const today = () => dayOf(clock.now());
  /** In the period of `day`, up to it. */
  const inPeriod = (days: Days, { period, offset = 0 }: QuotaSettings, day: string): number => {
    const first = firstOf(day, period, offset);
    return [...days].reduce((sum, [on, count]) => (on >= first && on <= day ? sum + count : sum), 0);
  };

  return {
    use(planId, keyId, quota) {
      const days = daysOf(planId, keyId);
      if (inPeriod(days, quota, today()) >= (quota.limit ?? 0)) return false;
      days.set(today(), (days.get(today()) ?? 0) + 1);
      durable?.changed('apigateway-usage'); // a request is no operation of the service
      return true;
    },
    usage(planId, keyId, quota, from, to) {
      const days = daysOf(planId, keyId);
      return daysFrom(from, to).map((day) => [
        days.get(day) ?? 0,
        quota ? Math.max(0, (quota.limit ?? 0) - inPeriod(days, quota, day)) : -1,
      ]);
    },
    keysOf: (planId) =>
      [...used.keys()].flatMap((name) =>
        name.startsWith(`${planId}/`) ? name.slice(planId.length + 1) : [],
      ),
    grant(planId, keyId, quota, remaining) {
      const days = daysOf(planId, keyId);
      const before = inPeriod(days, quota, today()) - (days.get(today()) ?? 0);
      days.set(today(), (quota.limit ?? 0) - remaining - before);
      durable?.changed('apigateway-usage');
    },
  };
}

const DAY = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);

const daysFrom = (from: string, to: string): string[] => {
  const days: string[] = [];
  for (let at = startOf(from); at <= startOf(to); at += DAY) days.push(dayOf(at));
  return days;
};

/** Weeks begin on Sunday and months on their first, `offset` days later. https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html */
function firstOf(day: string, period: string | undefined, offset: number): string {
  const at = startOf(day);
  if (period === 'DAY') return day;
  if (period === 'WEEK') return dayOf(at - ((new Date(at).getUTCDay() - offset + 7) % 7) * DAY);
  const date = new Date(at);
  const first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1 + offset);
  return dayOf(first <= at ? first : Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - 1, 1 + offset));
}
