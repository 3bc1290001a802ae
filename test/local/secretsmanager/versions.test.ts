import * as SM from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let client: SM.SecretsManagerClient;
beforeAll(async () => {
  aws = await startLocal();
  client = aws.client(SM.SecretsManagerClient);
});
afterAll(() => aws.stop());

/** A secret whose versions are called by the texts that they hold. */
async function secret(Name: string) {
  const texts = new Map<string, string>();
  const { VersionId = '' } = await client.send(new SM.CreateSecretCommand({ Name, SecretString: 'v1' }));
  texts.set(VersionId, 'v1');
  const SecretId = Name;
  return {
    id: (text: string) => [...texts].find(([, one]) => one === text)?.[0],
    async put(SecretString: string, ...VersionStages: string[]) {
      const stages = VersionStages.length > 0 ? { VersionStages } : {};
      const answer = await client.send(new SM.PutSecretValueCommand({ SecretId, SecretString, ...stages }));
      texts.set(answer.VersionId!, SecretString);
      return answer.VersionStages;
    },
    async stages(more: Partial<SM.ListSecretVersionIdsCommandInput> = {}) {
      const { Versions = [] } = await client.send(new SM.ListSecretVersionIdsCommand({ SecretId, ...more }));
      return Object.fromEntries(
        Versions.map(({ VersionId: id = '', VersionStages }) => [texts.get(id), VersionStages]),
      );
    },
    async move(VersionStage: string, from: string | undefined, to: string | undefined) {
      const RemoveFromVersionId = from && this.id(from);
      const MoveToVersionId = to && this.id(to);
      const input = { SecretId, VersionStage, RemoveFromVersionId, MoveToVersionId };
      await client.send(new SM.UpdateSecretVersionStageCommand(input));
    },
    value: (more: Partial<SM.GetSecretValueCommandInput> = {}) =>
      client.send(new SM.GetSecretValueCommand({ SecretId, ...more })),
  };
}

test('a new value is the current one, the one before is the previous, those before are deprecated', async () => {
  const it = await secret('values');
  expect(await it.put('v2')).toEqual(['AWSCURRENT']);
  await it.put('v3');
  expect(await it.stages()).toEqual({ v2: ['AWSPREVIOUS'], v3: ['AWSCURRENT'] });
  expect(await it.stages({ IncludeDeprecated: true })).toHaveProperty('v1', undefined);
  expect((await it.value({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('v2');
  expect((await it.value({ VersionId: it.id('v1') })).SecretString).toBe('v1');
});

test('a pending value waits until it is made the current one', async () => {
  const it = await secret('pending');
  await it.put('v2', 'AWSPENDING');
  expect((await it.value()).SecretString).toBe('v1');
  await it.move('AWSCURRENT', 'v1', 'v2');
  expect(await it.stages()).toEqual({ v1: ['AWSPREVIOUS'], v2: ['AWSPENDING', 'AWSCURRENT'] });
  await it.put('v3');
  expect(await it.stages()).toEqual({ v2: ['AWSPREVIOUS'], v3: ['AWSCURRENT'] });
});

test('labels of one’s own are on one version at a time, and stay where AWSCURRENT moves', async () => {
  const it = await secret('labels');
  await it.put('v2', 'one', 'two');
  await it.put('v3', 'two', 'AWSCURRENT');
  expect(await it.stages()).toEqual({ v1: ['AWSPREVIOUS'], v2: ['one'], v3: ['two', 'AWSCURRENT'] });
  await it.move('AWSCURRENT', 'v3', 'v2');
  expect(await it.stages()).toEqual({ v2: ['one', 'AWSCURRENT'], v3: ['two', 'AWSPREVIOUS'] });
  await it.move('two', 'v3', undefined);
  expect(await it.stages()).toEqual({ v2: ['one', 'AWSCURRENT'], v3: ['AWSPREVIOUS'] });
});

test('a label is moved from where it is only, and AWSCURRENT is never taken away', async () => {
  const it = await secret('moved');
  await it.put('v2', 'AWSPENDING');
  await expect(it.move('AWSCURRENT', undefined, 'v2')).rejects.toMatchObject({
    name: 'InvalidParameterException',
    message: `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${it.id('v1')}, so you must explicitly reference that version in RemoveFromVersionId.`,
  });
  await expect(it.move('AWSCURRENT', 'v2', 'v1')).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await expect(it.move('AWSCURRENT', 'v1', undefined)).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  expect(await it.stages()).toEqual({ v1: ['AWSCURRENT'], v2: ['AWSPENDING'] });
});

test('what has no value, and a label that is another version’s, are told apart', async () => {
  const it = await secret('asked');
  const VersionId = '11111111-2222-4333-8444-555555555555';
  await expect(it.value({ VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
  });
  await expect(it.value({ VersionId })).rejects.toMatchObject({
    message: `Secrets Manager can't find the specified secret value for VersionId: ${VersionId}`,
  });
  await expect(it.value({ VersionId: it.id('v1'), VersionStage: 'AWSPENDING' })).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'You provided a VersionStage that is not associated to the provided VersionId.',
  });
});

test('the same request again puts nothing new, and another value under its token is refused', async () => {
  await secret('again');
  const ClientRequestToken = 'eb41453f-25bb-4025-b7f4-850cfca0ce72';
  const put = (SecretString: string) =>
    client.send(new SM.PutSecretValueCommand({ SecretId: 'again', SecretString, ClientRequestToken }));
  expect((await put('v2')).VersionId).toBe(ClientRequestToken);
  await client.send(new SM.PutSecretValueCommand({ SecretId: 'again', SecretString: 'v3' }));
  expect((await put('v2')).VersionStages).toEqual(['AWSPREVIOUS']);
  await expect(put('other')).rejects.toMatchObject({ name: 'ResourceExistsException' });
  const nothing = new SM.PutSecretValueCommand({ SecretId: 'again' });
  await expect(client.send(nothing)).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'You must provide either SecretString or SecretBinary.',
  });
});

test('an update without a value makes no version', async () => {
  const it = await secret('updated');
  const update = (more: Partial<SM.UpdateSecretCommandInput>) =>
    client.send(new SM.UpdateSecretCommand({ SecretId: 'updated', ...more }));
  expect((await update({ Description: 'd' })).VersionId).toBeUndefined();
  const { VersionId } = await update({ SecretString: 'v2' });
  expect(await it.value()).toMatchObject({ VersionId, SecretString: 'v2' });
  expect(await client.send(new SM.DescribeSecretCommand({ SecretId: 'updated' }))).toMatchObject({
    Description: 'd',
  });
});

test('of deprecated versions a hundred stay, and none goes within a day', async () => {
  const it = await secret('many');
  const count = async () => Object.keys(await all()).length;
  const all = async () => {
    const { Versions = [] } = await client.send(
      new SM.ListSecretVersionIdsCommand({ SecretId: 'many', IncludeDeprecated: true, MaxResults: 100 }),
    );
    return Versions;
  };
  for (let i = 2; i <= 104; i++) await it.put(`v${i}`);
  const oldest = it.id('v1');
  await aws.advance('23h');
  await it.put('v105');
  expect((await all())[0]?.VersionId).toBe(oldest);
  await aws.advance('2h');
  await it.put('v106');
  expect((await all())[0]?.VersionId).not.toBe(oldest);
  expect(await count()).toBe(100);
});
