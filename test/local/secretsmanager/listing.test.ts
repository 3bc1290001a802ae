import * as SM from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';

let aws: Local;
let client: SM.SecretsManagerClient;
const create = (Name: string, more: Partial<SM.CreateSecretCommandInput> = {}) =>
  client.send(new SM.CreateSecretCommand({ Name, SecretString: 's', ...more }));

beforeAll(async () => {
  aws = await startLocal();
  client = aws.client(SM.SecretsManagerClient);
  await create('list/foo', { Description: 'one two', Tags: [{ Key: 'Team', Value: 'Blue' }] });
  await create('list/bar', { Description: 'one and two' });
  await create('list/bazOfShop', { Description: 'One' });
  await create('list/gone');
  await client.send(new SM.DeleteSecretCommand({ SecretId: 'list/gone' }));
});
afterAll(() => aws.stop());

describe('a listing', () => {
  const names = async (Key: SM.FilterNameStringType, ...Values: string[]) => {
    const { SecretList = [] } = await client.send(
      new SM.ListSecretsCommand({
        Filters: [
          { Key, Values },
          { Key: 'name', Values: ['list/'] },
        ],
      }),
    );
    return SecretList.map(({ Name }) => Name?.slice('list/'.length));
  };
  test('is of those that fit all filters: prefixes of names and tags, words of descriptions, or not', async () => {
    expect(await names('description', 'one two')).toEqual(['foo', 'bar']);
    expect(await names('description', 'o t')).toEqual(['foo', 'bar']);
    expect(await names('description', '!two')).toEqual(['bazOfShop']);
    expect(await names('name', 'list/ba')).toEqual(['bar', 'bazOfShop']);
    expect(await names('name', 'LIST/ba')).toEqual([]);
    expect(await names('tag-key', 'Te')).toEqual(['foo']);
    expect(await names('tag-value', 'Red', 'Blue')).toEqual(['foo']);
    expect(await names('all', 'blue')).toEqual(['foo']);
    expect(await names('all', 'shop')).toEqual(['bazOfShop']);
    expect(await names('owning-service', 'rds')).toEqual([]);
  });

  test('comes in pages, in the order that is asked for, without what waits for its deletion', async () => {
    const Filters = [{ Key: 'name' as const, Values: ['list/'] }];
    const list = (more: SM.ListSecretsCommandInput = {}) =>
      client.send(new SM.ListSecretsCommand({ Filters, SortBy: 'name', ...more }));
    const { SecretList, NextToken } = await list({ MaxResults: 2, SortOrder: 'desc' });
    expect(SecretList?.map(({ Name }) => Name)).toEqual(['list/foo', 'list/bazOfShop']);
    const rest = await list({ NextToken, SortOrder: 'desc' });
    expect([rest.SecretList?.map(({ Name }) => Name), rest.NextToken]).toEqual([['list/bar'], undefined]);
    expect((await list({ IncludePlannedDeletion: true })).SecretList).toHaveLength(4);
    await expect(list({ NextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  test('of values has an error for each that cannot be read', async () => {
    const batch = (input: SM.BatchGetSecretValueCommandInput) =>
      client.send(new SM.BatchGetSecretValueCommand(input));
    const { SecretValues, Errors } = await batch({ SecretIdList: ['list/foo', 'nowhere', 'list/gone'] });
    expect(SecretValues).toMatchObject([{ Name: 'list/foo' }]);
    expect(Errors).toEqual([
      {
        SecretId: 'nowhere',
        ErrorCode: 'ResourceNotFoundException',
        Message: "Secrets Manager can't find the specified secret.",
      },
      {
        SecretId: 'list/gone',
        ErrorCode: 'InvalidRequestException',
        Message: "You can't perform this operation on the secret because it was marked for deletion.",
      },
    ]);
    const Filters = [{ Key: 'name' as const, Values: ['list/foo'] }];
    expect((await batch({ Filters })).SecretValues).toMatchObject([{ SecretString: 's' }]);
    await expect(batch({ Filters, SecretIdList: ['list/foo'] })).rejects.toMatchObject({
      message: "Either 'SecretIdList' or 'Filters' must be provided, but not both.",
    });
  });
});
