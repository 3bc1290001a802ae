import { expect, test } from 'vitest';
import { decide } from '../../../local/policies/decide.ts';
import type { Principal } from '../../../local/principal.ts';

const role: Principal = {
  kind: 'role',
  account: '000000000000',
  arn: 'arn:aws:sts::000000000000:assumed-role/worker/me',
  userId: 'AROA:me',
  roleArn: 'arn:aws:iam::000000000000:role/worker',
};
const user: Principal = {
  kind: 'user',
  account: '000000000000',
  arn: 'arn:aws:iam::000000000000:user/ann',
  userId: 'AIDA',
};
const allow = (more: object = {}) => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*', ...more });
const to = (AWS: string) => [allow({ Principal: { AWS } })];
const deny = { ...allow(), Effect: 'Deny' };
const policy = (Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

const yes = { allowed: true };
const no = (kind: string, explicit = false) => ({ allowed: false, explicit, kind });

interface Case {
  identity?: object[];
  boundary: object[];
  resource?: object[];
}

test.each<[string, Principal, Case, object]>([
  ['a boundary grants nothing by itself', role, { boundary: [allow()] }, no('identity')],
  ['it allows what policies do', role, { identity: [allow()], boundary: [allow()] }, yes],
  ['nothing beyond', role, { identity: [allow()], boundary: [] }, no('boundary')],
  ['it may deny', role, { identity: [allow()], boundary: [allow(), deny] }, no('boundary', true)],
  ['a grant to the role is limited', role, { boundary: [], resource: to(role.roleArn) }, no('boundary')],
  ['… and needs no more', role, { boundary: [allow()], resource: to(role.roleArn) }, yes],
  ['a grant to the session is not limited', role, { boundary: [], resource: to(role.arn) }, yes],
  ['a grant to everybody is not', role, { boundary: [], resource: to('*') }, yes],
  ['a grant to a user is not', user, { boundary: [], resource: to(user.arn) }, yes],
])('%s', (_title, principal, { identity = [], boundary, resource }, expected) => {
  expect(
    decide({
      principal,
      action: 'sqs:SendMessage',
      resource: 'arn:aws:sqs:eu-west-1:000000000000:orders',
      context: () => undefined,
      identityPolicies: [policy(identity)],
      boundary: policy(boundary),
      resourcePolicy: resource && policy(resource),
    }),
  ).toEqual(expected);
});
