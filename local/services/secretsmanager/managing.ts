/** Secrets: made, changed, described. */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { AwsError, notModelled } from '../../errors.ts';
import type { Principal } from '../../principal.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { described } from './describing.ts';
import { checkDescription, checkName, checkTags, tokenOf, valueOf } from './limits.ts';
import { keyGiven, type Sealing } from './sealing.ts';
import {
  CURRENT,
  invalidRequest,
  named,
  PENDING,
  PREVIOUS,
  type Secret,
  type Secrets,
  type Value,
} from './secret.ts';
import { theSame, type Write } from './writing.ts';

export function managing(world: World, secrets: Secrets, sealing: Sealing, write: Write) {
  const { clock } = world;
  return {
    async CreateSecret(input: SecretsManager.CreateSecretCommandInput, { principal }: Call) {
      const { Name: name = '', Description, Tags, KmsKeyId } = input;
      refuseOthers(input);
      checkName(name);
      checkDescription(Description);
      checkTags(Tags ?? []);
      const [token, value] = [tokenOf(input), valueOf(input)];
      const before = secrets.find(name);
      if (before) return named(before, again(before, token, value));

      const now = clock.now();
      const secret: Secret = {
        name,
        arn: secrets.newArn(name),
        description: Description,
        keyId: keyGiven(KmsKeyId),
        versions: [],
        ...(Tags && { tags: Tags }),
        created: now,
        changed: now,
      };
      secrets.add(secret);
      try {
        if (value) await write(secret, token, value, [CURRENT], principal);
        for (const version of secret.versions) await sealing.open(secret, version, principal);
      } catch (error) {
        secrets.remove(secret);
        throw error;
      }
      return named(secret, value && token) satisfies Answer<SecretsManager.CreateSecretCommandOutput>;
    },

    async UpdateSecret(input: SecretsManager.UpdateSecretCommandInput, { principal }: Call) {
      const { SecretId, Description, KmsKeyId } = input;
      refuseOthers(input);
      const secret = secrets.active(SecretId);
      checkDescription(Description);
      const [token, value] = [tokenOf(input), valueOf(input)];
      if (KmsKeyId !== undefined) await resealed(secret, keyGiven(KmsKeyId), sealing, principal);
      if (value) await write(secret, token, value, [CURRENT], principal);
      secret.description = Description ?? secret.description;
      secret.changed = clock.now();
      return named(secret, value && token) satisfies Answer<SecretsManager.UpdateSecretCommandOutput>;
    },

    DescribeSecret({ SecretId }: SecretsManager.DescribeSecretCommandInput) {
      const { stages, ...rest } = described(secrets.at(SecretId));
      return {
        ...rest,
        ...(stages && { VersionIdsToStages: stages }),
      } satisfies Answer<SecretsManager.DescribeSecretCommandOutput>;
    },
  };
}

/** The version of a secret that is made twice by the same request. */
function again(before: Secret, token: string, value: Value | undefined): string {
  if (before.deletion !== undefined)
    throw invalidRequest(
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const version = before.versions.find(({ id }) => id === token);
  if (version) return theSame(version, value, before).id;
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${before.name} already exists.`,
  );
}

/** Another key is for the versions that have AWS's own labels too; older ones stay under the key that they had. */
async function resealed(
  secret: Secret,
  keyId: string | undefined,
  { seal, open }: Sealing,
  principal: Principal,
): Promise<void> {
  if (keyId === secret.keyId) return;
  const labelled = secret.versions.filter(
    ({ value, stages }) => value && stages.some((stage) => OWN_LABELS.includes(stage)),
  );
  const sealed = [];
  for (const version of labelled) {
    await open(secret, version, principal);
    const dataKey = await seal({ arn: secret.arn, keyId }, version.id, principal);
    await open(secret, { ...version, dataKey }, principal);
    sealed.push({ version, dataKey });
  }
  for (const { version, dataKey } of sealed) version.dataKey = dataKey;
  secret.keyId = keyId;
}

const OWN_LABELS = [CURRENT, PENDING, PREVIOUS];

function refuseOthers({
  AddReplicaRegions = [],
  Type,
}: Partial<SecretsManager.CreateSecretCommandInput>): void {
  if (AddReplicaRegions.length > 0) throw notModelled('replicas of secrets in other regions');
  if (Type !== undefined) throw notModelled('secrets that are managed by partners (Type)');
}
