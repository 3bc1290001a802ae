import { describe, expect, test } from 'vitest';
import { decide } from '../../../local/policies/decide.ts';
import { administrator, servicePrincipal, type Principal } from '../../../local/principal.ts';

const account = '000000000000';
const role: Principal = {
  kind: 'role',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/worker/me`,
  userId: 'AROA:me',
  roleArn: `arn:aws:iam::${account}:role/worker`,
};
const events = servicePrincipal(
  account,
  'events.amazonaws.com',
  `arn:aws:events:eu-west-1:${account}:rule/shop/r`,
);
const queue = `arn:aws:sqs:eu-west-1:${account}:orders`;
const keys: Record<string, string[]> = {
  'aws:username': ['ann'],
  'aws:PrincipalTag/team': ['blue'],
  'aws:SourceArn': [`arn:aws:events:eu-west-1:${account}:rule/shop/r`],
  'aws:TagKeys': ['a', 'b'],
  'aws:SourceIp': ['127.0.0.1'],
  'aws:CurrentTime': ['2030-01-01T00:00:00Z'],
  'aws:EpochTime': ['1893456000'],
  'aws:SecureTransport': ['true'],
};

const allow = (more: object) => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*', ...more });
const deny = (more: object) => ({ ...allow(more), Effect: 'Deny' });
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

const decided = (
  principal: Principal,
  {
    identity = [],
    resource,
    action = 'sqs:SendMessage',
    on = queue,
  }: { identity?: object[]; resource?: object[]; action?: string; on?: string },
) =>
  decide({
    principal,
    action,
    resource: on,
    context: (key) => keys[key],
    identityPolicies: identity.length > 0 ? [policy(...identity)] : [],
    resourcePolicy: resource && policy(...resource),
  });

const yes = { allowed: true };
const no = (kind: 'identity' | 'resource', explicit = false) => ({ allowed: false, explicit, kind });

describe('who may do it', () => {
  test.each<[string, Principal, Parameters<typeof decided>[1], object]>([
    ['nothing said: no', role, {}, no('identity')],
    ['the role’s own policy', role, { identity: [allow({})] }, yes],
    [
      'the queue’s policy names the role',
      role,
      { resource: [allow({ Principal: { AWS: role.roleArn } })] },
      yes,
    ],
    [
      'the queue’s policy names the session',
      role,
      { resource: [allow({ Principal: { AWS: role.arn } })] },
      yes,
    ],
    ['the queue’s policy names everybody', role, { resource: [allow({ Principal: '*' })] }, yes],
    [
      'the queue’s policy names the account, which only delegates',
      role,
      { resource: [allow({ Principal: { AWS: account } })] },
      no('identity'),
    ],
    [
      '… and the role’s own policy agrees',
      role,
      { resource: [allow({ Principal: { AWS: `arn:aws:iam::${account}:root` } })], identity: [allow({})] },
      yes,
    ],
    ['an explicit deny of the role wins', role, { identity: [allow({}), deny({})] }, no('identity', true)],
    [
      'an explicit deny of the queue wins',
      role,
      { identity: [allow({})], resource: [deny({ Principal: '*' })] },
      no('resource', true),
    ],
    [
      'NotPrincipal spares the role',
      role,
      { identity: [allow({})], resource: [deny({ NotPrincipal: { AWS: role.roleArn } })] },
      yes,
    ],
    [
      'NotPrincipal of somebody else strikes it',
      role,
      {
        identity: [allow({})],
        resource: [deny({ NotPrincipal: { AWS: 'arn:aws:iam::000000000000:role/other' } })],
      },
      no('resource', true),
    ],
    ['the owner may', administrator(account), {}, yes],
    [
      '… unless a resource denies',
      administrator(account),
      { resource: [deny({ Principal: '*' })] },
      no('resource', true),
    ],
    ['a service needs the resource’s policy', events, {}, no('resource')],
    [
      '… and has it (F13)',
      events,
      { resource: [allow({ Principal: { Service: 'events.amazonaws.com' } })] },
      yes,
    ],
    [
      '… but not another’s',
      events,
      { resource: [allow({ Principal: { Service: 'sns.amazonaws.com' } })] },
      no('resource'),
    ],
    ['… nor a role’s', events, { identity: [allow({})] }, no('resource')],
    [
      'taking on a role needs its trust',
      role,
      {
        action: 'sts:AssumeRole',
        identity: [allow({ Action: '*' })],
        on: 'arn:aws:iam::000000000000:role/x',
      },
      no('resource'),
    ],
    [
      'the owner too',
      administrator(account),
      {
        action: 'sts:AssumeRole',
        resource: [allow({ Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } })],
      },
      no('resource'),
    ],
    [
      'trust in the account lets the owner',
      administrator(account),
      {
        action: 'sts:AssumeRole',
        resource: [allow({ Action: 'sts:AssumeRole', Principal: { AWS: account } })],
      },
      yes,
    ],
  ])('%s', (_what, principal, given, decision) => {
    expect(decided(principal, given)).toEqual(decision);
  });
});

describe('what and where', () => {
  test.each<[object, boolean]>([
    [{ Action: 'sqs:sendmessage' }, true],
    [{ Action: 'sqs:Send*' }, true],
    [{ Action: ['sqs:Receive*', '*'] }, true],
    [{ Action: 'sqs:S?ndMessage' }, true],
    [{ Action: 'sqs:SendMessageBatch' }, false],
    [{ Action: undefined, NotAction: 'sqs:Delete*' }, true],
    [{ Action: undefined, NotAction: 'sqs:*' }, false],
    [{ Resource: queue }, true],
    [{ Resource: queue.toUpperCase() }, false],
    [{ Resource: 'arn:aws:sqs:*:*:ord*' }, true],
    [{ Resource: [`${queue}-dead`] }, false],
    [{ Resource: undefined, NotResource: 'arn:aws:sqs:*:*:other' }, true],
    [{ Resource: undefined, NotResource: queue }, false],
    [{ Resource: "arn:aws:sqs:*:*:${aws:PrincipalTag/none, 'orders'}" }, true],
    [{ Resource: 'arn:aws:sqs:*:*:${aws:username}' }, false],
    [{ Resource: '*${aws:nothing}' }, false],
  ])('%j: %s', (statement, allowed) => {
    expect(decided(role, { identity: [allow(statement)] }).allowed).toBe(allowed);
  });
});

describe('conditions', () => {
  test.each<[object, boolean]>([
    [{ StringEquals: { 'aws:username': 'ann' } }, true],
    [{ StringEquals: { 'aws:username': ['bob', 'ann'] } }, true],
    [{ StringEquals: { 'aws:username': 'ANN' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:username': 'ANN' } }, true],
    [{ StringNotEquals: { 'aws:username': 'bob' } }, true],
    [{ StringNotEquals: { 'aws:username': ['bob', 'ann'] } }, false],
    [{ StringLike: { 'aws:username': 'a*' } }, true],
    [{ StringNotLike: { 'aws:username': 'a*' } }, false],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'blue' } }, true],
    [{ StringEquals: { 'aws:absent': 'x' } }, false],
    [{ StringNotEquals: { 'aws:absent': 'x' } }, true],
    [{ StringEqualsIfExists: { 'aws:absent': 'x' } }, true],
    [{ StringEqualsIfExists: { 'aws:username': 'bob' } }, false],
    [{ Null: { 'aws:absent': 'true' } }, true],
    [{ Null: { 'aws:username': 'true' } }, false],
    [{ Null: { 'aws:username': 'false' } }, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:000000000000:rule/shop/r' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/shop/*' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:*:rule/shop/r' } }, false],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:events:*:*:rule/*' } }, false],
    [{ NumericLessThan: { 'aws:EpochTime': '1893456001' } }, true],
    [{ NumericGreaterThanEquals: { 'aws:EpochTime': 1893456001 } }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2029-12-31T23:59:59Z' } }, true],
    [{ DateLessThanEquals: { 'aws:CurrentTime': '2029-12-31T23:59:59Z' } }, false],
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b', 'c'] } }, true],
    [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:absent': ['a'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['b', 'x'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:absent': ['a'] } }, false],
    [{ 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } }, true],
    [{ StringEquals: { 'aws:username': 'ann' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ StringEquals: { 'aws:username': '${aws:username}' } }, true],
  ])('%j: %s', (Condition, allowed) => {
    expect(decided(role, { identity: [allow({ Condition })] }).allowed).toBe(allowed);
  });

  test('an operator that is not modelled fails by name, and never allows', () => {
    const Condition = { StringRhymes: { 'aws:username': 'pan' } };
    expect(() => decided(role, { identity: [allow({ Condition })] })).toThrow(
      /the condition operator StringRhymes/,
    );
  });
});
