/** Condition keys of one request. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
import type { Step } from '../dispatch.ts';
import { notModelled } from '../errors.ts';
import type { Principal } from '../principal.ts';
import { ofKeys } from './context-of-keys.ts';
import { ofSecrets } from './context-of-secrets.ts';
import type { Service } from '../service.ts';
import type { Context } from './pattern.ts';

/** A key that is neither here nor known to be absent fails by name: a policy that asks for it cannot be judged. */
export function contextOf(step: Step, resource: string, own: Service['conditions'] = {}): Context {
  return (key) => {
    const [name, detail] = splitKey(key.toLowerCase(), key);
    const value = KEYS[name] ?? (own[name] && (() => own[name]!(step.input, resource)));
    if (value) return texts(value(step, resource, detail));
    if (ABSENT.has(name)) return undefined;
    throw notModelled(`the condition key ${key}`);
  };
}

type Value = string | string[] | undefined;

const texts = (value: Value): string[] | undefined => (typeof value === 'string' ? [value] : value);

/** `aws:RequestTag/team` is the key `aws:requesttag/` with a detail that keeps its case. */
function splitKey(lower: string, key: string): [string, string] {
  const end = lower.startsWith(ENCRYPTED) ? ENCRYPTED.length : lower.indexOf('/') + 1;
  return end === 0 ? [lower, ''] : [lower.slice(0, end), key.slice(end)];
}

/** The one key whose detail follows a colon: `kms:EncryptionContext:aws:sqs:arn`. */
const ENCRYPTED = 'kms:encryptioncontext:';

const TYPES: Record<Principal['kind'], string> = {
  administrator: 'Account',
  user: 'User',
  role: 'AssumedRole',
  service: 'Service',
};

const KEYS: Record<string, (step: Step, resource: string, detail: string) => Value> = {
  ...ofKeys,
  ...ofSecrets,
  'aws:currenttime': ({ call }) => new Date(call.now()).toISOString(),
  'aws:epochtime': ({ call }) => String(Math.floor(call.now() / 1000)),
  'aws:principalaccount': ({ call }) =>
    call.principal.kind === 'service' ? undefined : call.principal.account,
  'aws:principalarn': ({ call: { principal } }) =>
    principal.kind === 'role' ? principal.roleArn : principal.kind === 'service' ? undefined : principal.arn,
  'aws:principalisawsservice': ({ call }) => String(call.principal.kind === 'service'),
  'aws:principalservicename': ({ call: { principal } }) =>
    principal.kind === 'service' ? principal.service : undefined,
  'aws:principaltype': ({ call }) => TYPES[call.principal.kind],
  'aws:requestedregion': ({ call }) => call.region,
  'aws:requesttag/': ({ input }, _resource, tag) => tagsOf(input).get(tag),
  'aws:resourceaccount': ({ call }, resource) => resource.split(':')[4] || call.account,
  // What arrives over loopback never left the machine, and counts as encrypted.
  'aws:securetransport': () => 'true',
  'aws:sourceaccount': ({ call: { principal } }) =>
    principal.kind === 'service' ? principal.account : undefined,
  'aws:sourcearn': ({ call: { principal } }) =>
    principal.kind === 'service' ? principal.sourceArn : undefined,
  'aws:sourceip': ({ call }) => (call.protocol === 'internal' ? undefined : '127.0.0.1'),
  'aws:tagkeys': ({ input }) => [...tagsOf(input).keys()],
  'aws:useragent': ({ call }) => call.headers['user-agent'],
  'aws:userid': ({ call: { principal } }) => (principal.kind === 'service' ? undefined : principal.userId),
  'aws:username': ({ call: { principal } }) =>
    principal.kind === 'user' ? principal.arn.split('/').at(-1) : undefined,
  'aws:viaawsservice': ({ call }) => String(call.principal.via !== undefined),
  'aws:calledvia': ({ call }) => call.principal.via,
  'aws:calledviafirst': ({ call }) => call.principal.via,
  'aws:calledvialast': ({ call }) => call.principal.via,
  'cloudwatch:namespace': ({ input }) => input.Namespace as string | undefined,
  'events:source': ({ input }) => entries(input, 'Source'),
  'events:detail-type': ({ input }) => entries(input, 'DetailType'),
  'iam:passedtoservice': ({ service }) => `${service}.amazonaws.com`,
  'iam:permissionsboundary': boundary,
  'iam:policyarn': ({ input }) => input.PolicyArn as string | undefined,
  'lambda:functionarn': ({ input }) => input.FunctionName as string | undefined,
  'lambda:functionurlauthtype': ({ input }) =>
    (input.FunctionUrlAuthType ?? input.AuthType) as string | undefined,
  'lambda:invokedviafunctionurl': ({ input }) => (input.InvokedViaFunctionUrl ? 'true' : undefined),
  's3:delimiter': ({ input }) => input.Delimiter as string | undefined,
  's3:prefix': ({ input }) => input.Prefix as string | undefined,
  's3:resourceaccount': ({ call }) => call.account,
  's3:x-amz-acl': ({ input }) => input.ACL as string | undefined,
  's3:x-amz-server-side-encryption': ({ input }) => input.ServerSideEncryption as string | undefined,
  'sts:externalid': ({ input }) => input.ExternalId as string | undefined,
  'sts:rolesessionname': ({ input }) => input.RoleSessionName as string | undefined,
};

/** Keys that a request to this AWS never has: there is no VPC, no organization, no second factor, no federation. */
const ABSENT = new Set([
  'aws:federatedprovider',
  'aws:multifactorauthage',
  'aws:multifactorauthpresent',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principaltag/',
  'aws:referer',
  'aws:resourceorgid',
  'aws:resourceorgpaths',
  'aws:sourceidentity',
  'aws:sourceorgid',
  'aws:sourceorgpaths',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:vpcsourceip',
  's3:dataaccesspointaccount',
  's3:dataaccesspointarn',
]);

/** The one that a request sets; which one a role or a user has already is not looked up. */
function boundary({ service, operation, input }: Step): string | undefined {
  const set = input.PermissionsBoundary as string | undefined;
  if (set === undefined && service === 'iam' && /^(Attach|Detach|Put|Delete)(Role|User)/.test(operation))
    throw notModelled(`the condition key iam:PermissionsBoundary of ${operation}`);
  return set;
}

// oxlint-disable-next-line typescript/no-explicit-any -- any operation's input
type Input = any;

/** Tags as services take them: `Tags: [{ Key, Value }]`, or a map. */
function tagsOf({ Tags, tags }: Input): Map<string, string> {
  const given = (Tags ?? tags ?? []) as { Key: string; Value: string }[] | Record<string, string>;
  return new Map(
    Array.isArray(given) ? given.map(({ Key, Value }) => [Key, Value] as const) : Object.entries(given),
  );
}

const entries = ({ Entries = [] }: Input, member: string): string[] =>
  (Entries as Record<string, string>[]).flatMap((entry) => entry[member] ?? []);
