import { listOf, same } from './template.ts';

/** A call that a service would make to a resource of this template. */
export interface ServiceCall {
  /** Such as `events.amazonaws.com`. */
  readonly service: string;
  /** Such as `sqs:SendMessage`. */
  readonly action: string;
  /** ARN of the resource, as the template writes it. */
  readonly resource: unknown;
  /** Whether an ARN of a condition means that on whose behalf it is. @default unknown, so that no condition on it holds */
  readonly from?: (arn: unknown) => boolean;
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Record<string, string | readonly string[]>;
  readonly Action?: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Whether the statements of a resource's policy allow the call, and none denies it. What is not understood allows nothing. */
export function allows(statements: readonly unknown[], call: ServiceCall): boolean {
  const applying = (statements as readonly Statement[]).filter((statement) => applies(statement, call));
  return (
    applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny')
  );
}

const applies = (statement: Statement, call: ServiceCall): boolean =>
  namesService(statement, call.service) &&
  listOf(statement.Action).some((action) => matches(action, call.action)) &&
  (statement.Resource === undefined ||
    listOf(statement.Resource).some((resource) => resource === '*' || same(resource, call.resource))) &&
  Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, key.toLowerCase(), expected, call)),
  );

function namesService({ Principal }: Statement, service: string): boolean {
  if (Principal === '*') return true;
  const services = listOf(Principal?.['Service']);
  return services.includes(service) || listOf(Principal?.['AWS']).includes('*');
}

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action);

const EQUALITY = new Set(['ArnEquals', 'ArnLike', 'StringEquals', 'StringLike']);

function holds(operator: string, key: string, expected: unknown, call: ServiceCall): boolean {
  if (operator === 'Bool' && key === 'aws:securetransport') return String(expected) === 'true';
  if (!EQUALITY.has(operator)) return false;
  if (key === 'aws:sourcearn') {
    return listOf(expected).some((arn) => call.from?.(arn) === true);
  }
  return key === 'aws:sourceaccount' && listOf(expected).some(isAccount);
}

const isAccount = (value: unknown): boolean =>
  same(value, { Ref: 'AWS::AccountId' }) || /^\d{12}$/.test(String(value));

/** Statements that let a service in without saying on whose behalf. */
export const openToServices = (statements: readonly unknown[]): boolean =>
  (statements as readonly Statement[]).some(
    ({ Effect, Principal, Condition = {} }) =>
      Effect === 'Allow' &&
      typeof Principal === 'object' &&
      'Service' in Principal &&
      !Object.values(Condition)
        .flatMap((keys) => Object.keys(keys))
        .some((key) => SOURCES.has(key.toLowerCase())),
  );

const SOURCES = new Set(['aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid', 'aws:sourceorgpaths']);
