/** API keys: what clients send as `x-api-key`. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { found, type Apis } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';

export type ApiKey = Gateway.ApiKey & { id: string; value: string; enabled: boolean };

/** By id. */
export type ApiKeys = Map<string, ApiKey>;

/** Texts as recorded against AWS. */
export const managingApiKeys = ({ newId, world }: Apis, keys: ApiKeys) => ({
  CreateApiKey(input: Gateway.CreateApiKeyCommandInput) {
    const { name, description, enabled = false, value, customerId, tags, stageKeys = [] } = input;
    if (input.generateDistinctId === false) throw notModelled('API keys whose id is their value');
    const key: ApiKey = {
      id: newId(10),
      value: value || world.random.letters(40),
      ...(name && { name }),
      ...(description !== undefined && { description }),
      ...(customerId !== undefined && { customerId }),
      enabled,
      ...dated(world),
      stageKeys: stageKeys.map(({ restApiId, stageName }) => `${restApiId}/${stageName}`),
      ...(tags && { tags }),
    };
    checkKey(key);
    if ([...keys.values()].some((other) => other.value === key.value))
      throw conflict('API Key already exists');
    keys.set(key.id, key);
    return key satisfies Answer<Gateway.CreateApiKeyCommandOutput>;
  },

  GetApiKey({ apiKey, includeValue = false }: Gateway.GetApiKeyCommandInput) {
    return shown(keyAt(keys, apiKey), includeValue) satisfies Answer<Gateway.GetApiKeyCommandOutput>;
  },

  GetApiKeys(input: Gateway.GetApiKeysCommandInput) {
    const { nameQuery = '', customerId, includeValues = false } = input;
    const chosen = [...keys.values()].filter(
      (key) =>
        (key.name ?? '').startsWith(nameQuery) && (customerId === undefined || key.customerId === customerId),
    );
    const { items, position } = paged(chosen, input);
    return {
      items: items.map((key) => shown(key, includeValues)),
      position,
    } satisfies Answer<Gateway.GetApiKeysCommandOutput>;
  },

  UpdateApiKey({ apiKey, patchOperations }: Gateway.UpdateApiKeyCommandInput) {
    const key = patched(keyAt(keys, apiKey), patchOperations, {
      '/description': 'text',
      '/enabled': 'flag',
      '/name': 'text',
      '/customerId': 'text',
    });
    checkKey(key);
    key.lastUpdatedDate = dated(world).lastUpdatedDate;
    keys.set(key.id, key);
    return { tags: {}, ...shown(key, false) } satisfies Answer<Gateway.UpdateApiKeyCommandOutput>;
  },

  DeleteApiKey({ apiKey }: Gateway.DeleteApiKeyCommandInput) {
    keys.delete(keyAt(keys, apiKey).id);
    return {} satisfies Answer<Gateway.DeleteApiKeyCommandOutput>;
  },
});

export const keyAt = (keys: ApiKeys, id = ''): ApiKey =>
  found(keys.get(id), 'Invalid API Key identifier specified');

const dated = ({ clock }: World) => ({
  createdDate: new Date(clock.now()),
  lastUpdatedDate: new Date(clock.now()),
});

function checkKey({ name = '', description = '', value }: ApiKey): void {
  if (name.length > 1024) throw badRequest('Invalid API Key name, can be at most 1024 characters.');
  if (description.length > 125_000) throw badRequest('Invalid API Key description specified.');
  if (value.length < 20) throw badRequest('API Key value should be at least 20 characters');
  if (value.length > 128) throw badRequest('API Key value exceeds maximum size of 128 characters');
}

function shown({ value, ...key }: ApiKey, withValue: boolean): Gateway.ApiKey {
  return withValue ? { ...key, value } : key;
}
