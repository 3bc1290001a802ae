/** What is told of secrets without their values. */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type { Answer } from '../../service.ts';
import { matching } from './filters.ts';
import { page } from './limits.ts';
import { nextRotation } from './schedule.ts';
import type { Secret, Secrets } from './secret.ts';

export const listing = (secrets: Secrets) => ({
  ListSecrets(input: SecretsManager.ListSecretsCommandInput) {
    const { Filters = [], IncludePlannedDeletion = false, SortBy = 'created-date', ...rest } = input;
    const found = matching(secrets.all(), Filters).filter(
      ({ deletion }) => IncludePlannedDeletion || deletion === undefined,
    );
    const sorted = found.toSorted((a, b) => compare(ORDER[SortBy](a), ORDER[SortBy](b)));
    if (rest.SortOrder === 'desc') sorted.reverse();
    const { items, ...next } = page(sorted, rest, 100);
    const SecretList = items.map((secret) => {
      const { stages, ...entry } = described(secret);
      return { ...entry, ...(stages && { SecretVersionsToStages: stages }) };
    });
    return { SecretList, ...next } satisfies Answer<SecretsManager.ListSecretsCommandOutput>;
  },
});

const ORDER: Record<SecretsManager.SortByType, (secret: Secret) => string | number> = {
  'created-date': ({ created }) => created,
  'last-accessed-date': ({ accessed = 0 }) => accessed,
  'last-changed-date': ({ changed }) => changed,
  name: ({ name }) => name,
};

const compare = (a: string | number, b: string | number) => (a === b ? 0 : a < b ? -1 : 1);

/** What was never set is left out, and so are versions without a label. */
export function described(secret: Secret) {
  const { arn, name, description, keyId, tags, created, changed, accessed, deletion } = secret;
  const labelled = secret.versions.filter(({ stages }) => stages.length > 0);
  return {
    ARN: arn,
    Name: name,
    ...(description !== undefined && { Description: description }),
    ...(keyId !== undefined && { KmsKeyId: keyId }),
    ...rotationOf(secret),
    LastChangedDate: new Date(changed),
    ...(accessed !== undefined && { LastAccessedDate: new Date(accessed) }),
    ...(deletion !== undefined && { DeletedDate: new Date(deletion) }),
    ...(tags && { Tags: [...tags] }),
    CreatedDate: new Date(created),
    stages:
      labelled.length > 0
        ? Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]]))
        : undefined,
  };
}

function rotationOf(secret: Secret) {
  if (!secret.rotation) return {};
  const { enabled, functionArn, rules, rotated } = secret.rotation;
  const next = nextRotation(secret);
  return {
    RotationEnabled: enabled,
    RotationLambdaARN: functionArn,
    ...(rules && { RotationRules: rules }),
    ...(rotated !== undefined && { LastRotatedDate: new Date(rotated) }),
    ...(next && { NextRotationDate: new Date(next.closes) }),
  };
}
