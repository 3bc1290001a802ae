/** Tags of secrets. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type { Answer } from '../../service.ts';
import { checkTags } from './limits.ts';
import type { Secrets } from './secret.ts';

export const tagging = (secrets: Secrets) => ({
  TagResource({ SecretId, Tags = [] }: SecretsManager.TagResourceCommandInput) {
    const secret = secrets.active(SecretId);
    const { tags = [] } = secret;
    checkTags(Tags, tags);
    const given = new Set(Tags.map(({ Key }) => Key));
    secret.tags = [...tags.filter(({ Key }) => !given.has(Key)), ...Tags];
    return {} satisfies Answer<SecretsManager.TagResourceCommandOutput>;
  },

  UntagResource({ SecretId, TagKeys = [] }: SecretsManager.UntagResourceCommandInput) {
    const secret = secrets.active(SecretId);
    if (secret.tags) secret.tags = secret.tags.filter(({ Key = '' }) => !TagKeys.includes(Key));
    return {} satisfies Answer<SecretsManager.UntagResourceCommandOutput>;
  },
});
