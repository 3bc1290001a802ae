/** Staging labels. https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html#term_version */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { page } from './limits.ts';
import {
  CURRENT,
  holderOf,
  invalidParameter,
  named,
  notFound,
  PENDING,
  PREVIOUS,
  type Secret,
  type Secrets,
  type Version,
} from './secret.ts';

export const staging = ({ clock }: World, secrets: Secrets) => ({
  UpdateSecretVersionStage(input: SecretsManager.UpdateSecretVersionStageCommandInput) {
    const { SecretId, VersionStage: stage = '', RemoveFromVersionId, MoveToVersionId } = input;
    const secret = secrets.active(SecretId);
    const from = RemoveFromVersionId === undefined ? undefined : versionOf(secret, RemoveFromVersionId);
    const to = MoveToVersionId === undefined ? undefined : versionOf(secret, MoveToVersionId);
    const holder = holderOf(secret, stage);
    if (holder && holder !== to && !from)
      throw invalidParameter(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      );
    if (from && from !== holder)
      throw invalidParameter(`Staging label ${stage} is not attached to version ${from.id}.`);
    if (stage === CURRENT && !to)
      throw invalidParameter(`Staging label ${CURRENT} can be moved to another version, but not removed.`);
    if (to) move(secret, to, [stage]);
    else if (from) from.stages = without(from.stages, stage);
    secret.changed = clock.now();
    return named(secret) satisfies Answer<SecretsManager.UpdateSecretVersionStageCommandOutput>;
  },

  ListSecretVersionIds(input: SecretsManager.ListSecretVersionIdsCommandInput) {
    const { SecretId, IncludeDeprecated = false, ...rest } = input;
    const { arn, name, keyId = 'DefaultEncryptionKey', versions } = secrets.at(SecretId);
    const { items, ...next } = page(
      versions.filter(({ stages }) => IncludeDeprecated || stages.length > 0),
      rest,
      100,
    );
    const Versions = items.map(({ id, stages, created, accessed }) => ({
      VersionId: id,
      ...(stages.length > 0 && { VersionStages: [...stages] }),
      ...(accessed !== undefined && { LastAccessedDate: new Date(accessed) }),
      CreatedDate: new Date(created),
      KmsKeyIds: [keyId],
    }));
    return {
      Versions,
      ...next,
      ARN: arn,
      Name: name,
    } satisfies Answer<SecretsManager.ListSecretVersionIdsCommandOutput>;
  },
});

/**
 * A label is on one version at a time. The version that AWSCURRENT leaves becomes AWSPREVIOUS, and is no longer pending
 * (recorded against AWS: https://github.com/localstack/localstack, tests/aws/services/secretsmanager).
 */
export function move(secret: Secret, to: Version, stages: string[]): void {
  const former = holderOf(secret, CURRENT);
  for (const stage of stages) attach(secret, to, stage);
  if (!former || former.stages.includes(CURRENT)) return;
  attach(secret, former, PREVIOUS);
  former.stages = without(former.stages, PENDING);
}

function attach({ versions }: Secret, to: Version, stage: string): void {
  for (const version of versions) if (version !== to) version.stages = without(version.stages, stage);
  if (!to.stages.includes(stage)) to.stages.push(stage);
}

const without = (stages: string[], gone: string) => stages.filter((stage) => stage !== gone);

function versionOf({ versions }: Secret, id: string): Version {
  const version = versions.find((one) => one.id === id);
  if (!version) throw notFound(`VersionId: ${id}`);
  return version;
}
