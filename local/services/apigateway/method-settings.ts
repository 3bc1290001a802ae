/** Settings of a stage's methods by path: throttling, metrics and logs. https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch */
import type { MethodSetting, PatchOperation } from '@aws-sdk/client-api-gateway';
import type { Stage } from './api.ts';
import { badRequest } from './errors.ts';
import { patched } from './patch.ts';

/** What follows the resource and the method in a path, and the setting that it stands for. */
const SETTINGS: Record<string, keyof MethodSetting> = {
  'metrics/enabled': 'metricsEnabled',
  'logging/dataTrace': 'dataTraceEnabled',
  'logging/loglevel': 'loggingLevel',
  'throttling/burstLimit': 'throttlingBurstLimit',
  'throttling/rateLimit': 'throttlingRateLimit',
  'caching/enabled': 'cachingEnabled',
  'caching/ttlInSeconds': 'cacheTtlInSeconds',
  'caching/dataEncrypted': 'cacheDataEncrypted',
  'caching/requireAuthorizationForCacheControl': 'requireAuthorizationForCacheControl',
  'caching/unauthorizedCacheControlHeaderStrategy': 'unauthorizedCacheControlHeaderStrategy',
};

const KINDS = {
  '/metricsEnabled': 'flag',
  '/dataTraceEnabled': 'flag',
  '/loggingLevel': 'text',
  '/throttlingBurstLimit': 'number',
  '/throttlingRateLimit': 'number',
  '/cachingEnabled': 'flag',
  '/cacheTtlInSeconds': 'number',
  '/cacheDataEncrypted': 'flag',
  '/requireAuthorizationForCacheControl': 'flag',
  '/unauthorizedCacheControlHeaderStrategy': 'text',
} as const;

/** As recorded against AWS. */
const DEFAULTS: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

/** The stage after a change of a method's setting; `undefined` if the path is none. */
export function withSetting(stage: Stage, operation: PatchOperation): Stage | undefined {
  const [, resource = '', method = '', ...rest] = (operation.path ?? '').split('/');
  const key = `${resource}/${method}`;
  const methodSettings = { ...stage.methodSettings };
  if (operation.op === 'remove' && rest.length === 0 && method !== '' && !TOP.has(resource)) {
    if (!methodSettings[key])
      throw badRequest(
        `Cannot remove method setting ${key} because there is no method setting for this method `,
      );
    delete methodSettings[key];
    return { ...stage, methodSettings };
  }
  const name = SETTINGS[rest.join('/')];
  if (!name) return undefined;
  methodSettings[key] = patched(methodSettings[key] ?? DEFAULTS, [{ ...operation, path: `/${name}` }], KINDS);
  return { ...stage, methodSettings };
}

const TOP = new Set(['variables', 'accessLogSettings']);

/** What holds for one method: its own settings, else those of all. `path` is the resource's. */
export function settingOf({ methodSettings = {} }: Stage, path: string, method: string): MethodSetting {
  const escaped = path.replaceAll('/', '~1');
  return methodSettings[`${escaped}/${method}`] ?? methodSettings['*/*'] ?? DEFAULTS;
}
