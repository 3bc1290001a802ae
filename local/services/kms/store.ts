/** What KMS remembers. */
import type { World } from '../../world.ts';
import { defaultPolicy, managedPolicy } from './default-policies.ts';
import { notFound, type Alias, type Key, type Keys } from './key.ts';

export function keysOf(world: World): Keys {
  const { account, region, clock, random, durable } = world;
  const byId = new Map<string, Key>();
  const named = new Map<string, Alias>();
  const prefix = `arn:aws:kms:${region}:${account}:`;
  const arn = (resource: string) => prefix + resource;
  durable?.map('kms/keys', byId);
  durable?.map('kms/aliases', named);

  const expire = () => {
    if (expired(byId, named, clock.now())) durable?.changed('kms');
  };
  const add: Keys['add'] = (given) => {
    const id = random.uuid();
    const own = { id, arn: arn(`key/${id}`), material: random.hex(64), created: clock.now() };
    const key: Key = { enabled: true, tags: new Map(), policy: defaultPolicy(account), ...given, ...own };
    byId.set(id, key);
    return key;
  };
  /** An AWS managed key comes about when somebody refers to it. */
  const managed = (name: string): Alias | undefined => {
    const service = /^alias\/aws\/(.+)$/.exec(name)?.[1] ?? '';
    if (!MANAGED.has(service)) return undefined;
    const { id: target } = add(managedKey(service, world));
    const alias = { name, arn: arn(name), target, created: clock.now(), updated: clock.now() };
    named.set(name, alias);
    durable?.changed('kms');
    return alias;
  };
  const alias = (name: string) => {
    expire();
    const found = named.get(name) ?? managed(name);
    if (!found) throw notFound(`Alias ${arn(name)} is not found.`);
    return found;
  };
  const at = (identifier = '') => {
    expire();
    const local = localName(identifier, prefix);
    const id = local.startsWith('alias/') ? alias(local).target : local;
    if (!ID.test(id)) throw notFound(`Invalid keyId '${id}'`);
    const key = byId.get(id);
    if (!key) throw notFound(`Key '${arn(`key/${id}`)}' does not exist`);
    return key;
  };

  return {
    at,
    find: (identifier) => orNothing(() => at(identifier)),
    alias,
    all() {
      expire();
      return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
    aliases() {
      expire();
      return [...named.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    add,
    name: (given) => void named.set(given.name, given),
    unname: ({ name }) => void named.delete(name),
    arn,
  };
}

const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Keys whose day has come are gone, and their aliases with them. Answers whether there were any. */
function expired(keys: Map<string, Key>, aliases: Map<string, Alias>, now: number): boolean {
  let found = false;
  for (const { id, deletion } of keys.values())
    if (deletion !== undefined && deletion <= now) {
      found = keys.delete(id);
      for (const { name, target } of aliases.values()) if (target === id) aliases.delete(name);
    }
  return found;
}

/** Services with a key of their own. https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key */
const MANAGED = new Set([
  'dynamodb',
  'ebs',
  'kinesis',
  'lambda',
  's3',
  'secretsmanager',
  'sns',
  'sqs',
  'ssm',
]);

const managedKey = (service: string, { account, region, clock }: World) => ({
  manager: 'AWS' as const,
  description: `Default key that protects my ${service} data when no other key is defined`,
  policy: managedPolicy(service, account, region),
  rotation: { since: clock.now(), days: 365 },
});

/** What an identifier says without the ARN around it: an id, or an alias with its prefix. */
function localName(identifier: string, prefix: string): string {
  if (!identifier.startsWith('arn:')) return identifier;
  if (!identifier.startsWith(prefix)) throw notFound(`Invalid arn ${identifier.split(':')[3] ?? ''}`);
  return identifier.slice(prefix.length).replace(/^key\//, '');
}

function orNothing<T>(get: () => T): T | undefined {
  try {
    return get();
  } catch {
    return undefined;
  }
}
