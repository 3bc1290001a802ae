/** Names of keys. https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html */
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { checkStaying, type Key, type Keys } from './key.ts';
import { invalid, page } from './limits.ts';

export const naming = ({ clock }: World, keys: Keys) => ({
  CreateAlias({ AliasName: name = '', TargetKeyId }: KMS.CreateAliasCommandInput) {
    checkName(name);
    const arn = keys.arn(name);
    if (keys.aliases().some((alias) => alias.name === name))
      throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`);
    const now = clock.now();
    keys.name({ name, arn, target: targetOf(keys, TargetKeyId).id, created: now, updated: now });
    return {} satisfies Answer<KMS.CreateAliasCommandOutput>;
  },

  UpdateAlias({ AliasName: name = '', TargetKeyId }: KMS.UpdateAliasCommandInput) {
    checkName(name);
    const alias = keys.alias(name);
    Object.assign(alias, { target: targetOf(keys, TargetKeyId).id, updated: clock.now() });
    return {} satisfies Answer<KMS.UpdateAliasCommandOutput>;
  },

  DeleteAlias({ AliasName: name = '' }: KMS.DeleteAliasCommandInput) {
    checkName(name);
    keys.unname(keys.alias(name));
    return {} satisfies Answer<KMS.DeleteAliasCommandOutput>;
  },

  ListAliases({ KeyId, ...rest }: KMS.ListAliasesCommandInput) {
    const of = KeyId === undefined ? undefined : keys.at(KeyId).id;
    const all = keys.aliases().filter(({ target }) => of === undefined || target === of);
    const { items, ...next } = page(all, rest, 50);
    const Aliases = items.map(({ name, arn, target, created, updated }) => ({
      AliasName: name,
      AliasArn: arn,
      TargetKeyId: target,
      CreationDate: new Date(created),
      LastUpdatedDate: new Date(updated),
    }));
    return { Aliases, ...next } satisfies Answer<KMS.ListAliasesCommandOutput>;
  },
});

function checkName(name: string): void {
  if (!name.startsWith('alias/') || name === 'alias/') throw invalid('Invalid identifier');
  if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', '');
  if (!/^[\w/-]{1,256}$/.test(name)) throw invalid(`${name} contains invalid characters for an alias`);
}

function targetOf(keys: Keys, identifier = ''): Key {
  if (/^(arn:.*:)?alias\//.test(identifier)) throw invalid('Aliases must refer to keys. Not aliases');
  const key = keys.at(identifier);
  checkStaying(key);
  return key;
}
