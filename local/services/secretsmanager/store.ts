/** What Secrets Manager remembers. */
import type { World } from '../../world.ts';
import { checkName } from './limits.ts';
import { invalidRequest, notFound, type Secret, type Secrets } from './secret.ts';

export function secretsOf({ account, region, clock, random, durable }: World): Secrets {
  const byName = new Map<string, Secret>();
  const prefix = `arn:aws:secretsmanager:${region}:${account}:secret:`;
  durable?.map('secretsmanager/secrets', byName);

  const expire = () => {
    for (const { name, deletion } of byName.values())
      if (deletion !== undefined && deletion <= clock.now()) {
        byName.delete(name);
        durable?.changed('secretsmanager');
      }
  };
  /** What ends like a whole ARN is never taken for one that lacks its end. https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen */
  const find = (id: string) => {
    expire();
    if (!id.startsWith('arn:')) return byName.get(id);
    const whole = byName.get(id.slice(prefix.length, -RANDOM_END));
    if (whole?.arn === id) return whole;
    return id.startsWith(prefix) && !/-[A-Za-z\d]{6}$/.test(id)
      ? byName.get(id.slice(prefix.length))
      : undefined;
  };
  const at = (id = '') => {
    if (!id.startsWith('arn:')) checkName(id);
    const secret = find(id);
    if (!secret) throw notFound();
    return secret;
  };

  return {
    at,
    active(id) {
      const secret = at(id);
      if (secret.deletion !== undefined)
        throw invalidRequest(
          "You can't perform this operation on the secret because it was marked for deletion.",
        );
      return secret;
    },
    find,
    all() {
      expire();
      return [...byName.values()].toSorted((a, b) => a.created - b.created);
    },
    add: (secret) => void byName.set(secret.name, secret),
    remove: ({ name }) => void byName.delete(name),
    newArn: (name) => `${prefix}${name}-${random.letters(6)}`,
    missingArn: (id) => (id.startsWith('arn:') ? id : `${prefix}${id}-??????`),
  };
}

/** Characters of `-AbCdEf`. */
const RANDOM_END = 7;
