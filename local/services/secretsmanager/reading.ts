/** Values. https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { matching } from './filters.ts';
import { page } from './limits.ts';
import type { Sealing } from './sealing.ts';
import {
  CURRENT,
  holderOf,
  invalidParameter,
  invalidRequest,
  named,
  notFound,
  type Secret,
  type Secrets,
  type Version,
} from './secret.ts';

export function reading(world: World, secrets: Secrets, { open }: Sealing) {
  const { clock, durable } = world;
  /** A secret tells the day on which it was last read, and not the hour. */
  const wasRead = (secret: Secret, version: Version) => {
    const today = Math.floor(clock.now() / A_DAY) * A_DAY;
    if (version.accessed === today) return;
    version.accessed = secret.accessed = today;
    durable?.changed('secretsmanager');
  };

  return {
    async GetSecretValue(input: SecretsManager.GetSecretValueCommandInput, { principal }: Call) {
      const { SecretId, VersionId, VersionStage } = input;
      const secret = secrets.active(SecretId);
      const version = selected(secret, VersionId, VersionStage);
      await open(secret, version, principal);
      wasRead(secret, version);
      return {
        ...named(secret, version.id),
        ...version.value,
        ...(version.stages.length > 0 && { VersionStages: [...version.stages] }),
        CreatedDate: new Date(version.created),
      } satisfies Answer<SecretsManager.GetSecretValueCommandOutput>;
    },

    /** Each secret as the caller would get it alone; what the caller would not get is an error beside the others. */
    async BatchGetSecretValue(input: SecretsManager.BatchGetSecretValueCommandInput, { principal }: Call) {
      const { items, NextToken } = chosen(secrets, input);
      const SecretValues: SecretsManager.SecretValueEntry[] = [];
      const Errors: SecretsManager.APIErrorType[] = [];
      for (const SecretId of items)
        try {
          SecretValues.push(await world.call(principal, 'secretsmanager', 'GetSecretValue', { SecretId }));
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
        }
      return {
        SecretValues,
        Errors,
        ...(NextToken !== undefined && { NextToken }),
      } satisfies Answer<SecretsManager.BatchGetSecretValueCommandOutput>;
    },
  };
}

const A_DAY = 86_400_000;

function selected(secret: Secret, id: string | undefined, stage: string | undefined): Version {
  const version =
    id === undefined ? holderOf(secret, stage ?? CURRENT) : secret.versions.find((one) => one.id === id);
  if (!version?.value)
    throw notFound(id === undefined ? `staging label: ${stage ?? CURRENT}` : `VersionId: ${id}`);
  if (stage !== undefined && !version.stages.includes(stage))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
  return version;
}

function chosen(
  secrets: Secrets,
  { SecretIdList = [], Filters = [], ...rest }: SecretsManager.BatchGetSecretValueCommandInput,
): { items: string[]; NextToken?: string } {
  if (SecretIdList.length > 0 === Filters.length > 0)
    throw invalidParameter(
      `Either 'SecretIdList' or 'Filters' must be provided${Filters.length > 0 ? ', but not both' : ''}.`,
    );
  if (SecretIdList.length > 0) {
    if (rest.MaxResults !== undefined)
      throw invalidParameter(
        "'Filters' not specified. 'Filters' must also be specified when 'MaxResults' is provided.",
      );
    if (SecretIdList.length > 20) throw invalidParameter("'SecretIdList' has more than 20 secrets.");
    return { items: SecretIdList };
  }
  const found = matching(secrets.all(), Filters).filter(({ deletion }) => deletion === undefined);
  return page(
    found.map(({ arn }) => arn),
    rest,
    20,
  );
}
