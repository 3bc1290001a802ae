/** When a secret rotates by itself. https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
import type { RotationRulesType } from '@aws-sdk/client-secrets-manager';
import { notModelled } from '../../errors.ts';
import { CURRENT, holderOf, invalidParameter, type Secret } from './secret.ts';

export interface Rotation {
  enabled: boolean;
  functionArn: string;
  /** @default it rotates only when somebody asks for it */
  rules?: RotationRulesType | undefined;
  /** When it was last tried, in milliseconds since 1970. */
  tried: number;
  /** When it last came to its end. @default never */
  rotated?: number;
}

const AN_HOUR = 3_600_000;
const A_DAY = 24 * AN_HOUR;

/**
 * The window in which it rotates next, in milliseconds since 1970: it does so when the window opens. A value that was
 * put by hand counts as a rotation.
 */
export function nextRotation(secret: Secret): { opens: number; closes: number } | undefined {
  const { enabled, rules, tried } = secret.rotation ?? {};
  if (!enabled || !rules || tried === undefined) return undefined;
  const last = Math.max(tried, holderOf(secret, CURRENT)?.created ?? 0);
  const { days, hours = 0 } = periodOf(rules);
  const opens = days === undefined ? last + hours * AN_HOUR : Math.floor(last / A_DAY) * A_DAY + days * A_DAY;
  const duration = Number.parseInt(rules.Duration ?? (days === undefined ? '1' : '24'), 10) * AN_HOUR;
  return { opens, closes: opens + duration - 1000 };
}

/** Throws for rules that make no schedule. */
export function checkRules(rules: RotationRulesType): void {
  const { AutomaticallyAfterDays: days, ScheduleExpression, Duration } = rules;
  if (days !== undefined && ScheduleExpression !== undefined)
    throw invalidParameter('You can set AutomaticallyAfterDays or ScheduleExpression, but not both.');
  if (days !== undefined && (days < 1 || days > 1000))
    throw invalidParameter('RotationRules.AutomaticallyAfterDays must be within 1-1000.');
  if (ScheduleExpression?.startsWith('cron(')) throw notModelled('rotation schedules with cron()');
  if (days === undefined && ScheduleExpression !== undefined && !RATE.test(ScheduleExpression))
    throw invalidParameter('The rotation schedule expression is not valid.');
  const { hours } = periodOf(rules);
  if (hours !== undefined && hours < 4)
    throw invalidParameter('A secret rotates every four hours at the most.');
  if (Duration !== undefined && !/^([1-9]|1\d|2[0-4])h$/.test(Duration))
    throw invalidParameter('The rotation window is not valid.');
}

const RATE = /^rate\((\d+) (hour|day)s?\)$/;

function periodOf({ AutomaticallyAfterDays, ScheduleExpression = '' }: RotationRulesType): {
  days?: number;
  hours?: number;
} {
  const [, count, unit] = RATE.exec(ScheduleExpression) ?? [];
  if (count === undefined)
    return AutomaticallyAfterDays === undefined ? {} : { days: AutomaticallyAfterDays };
  return unit === 'day' ? { days: Number(count) } : { hours: Number(count) };
}
