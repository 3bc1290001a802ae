/** API keys, and how fast and how often their holders may call. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html */
import type { World } from '../../../world.ts';
import type { ApiKey, ApiKeys } from '../api-keys.ts';
import { settingOf } from '../method-settings.ts';
import type { Quotas } from '../quotas.ts';
import type { Plan, Plans } from '../usage-plans.ts';
import { headerOf, type Invocation, type Target } from './invocation.ts';
import { forbidden, Refused } from './refused.ts';
import { buckets } from './token-bucket.ts';

export function admitting(world: World, keys: ApiKeys, plans: Plans, quotas: Quotas) {
  const take = buckets(world.clock);
  const pass = (key: string, rate: number | undefined, burst: number | undefined) => {
    if (rate !== undefined && !take(key, rate, burst ?? rate))
      throw new Refused('THROTTLED', 'TooManyRequestsException', 'Too Many Requests');
  };

  return (invocation: Invocation, { method, resource }: Target): void => {
    const { apiId, stage, context } = invocation;
    const where = `${apiId}/${stage.stageName}`;
    const route = `${resource.path}/${method.httpMethod}`;
    if (method.apiKeyRequired) {
      const { key, plan } = holderOf(invocation);
      Object.assign(context.identity, { apiKey: key.value, apiKeyId: key.id });
      const { settings } = plan;
      const own = settings.apiStages.find((one) => one.apiId === apiId && one.stage === stage.stageName)
        ?.throttle?.[route];
      pass(`${settings.id}/${key.id}${route}`, own?.rateLimit, own?.burstLimit);
      pass(`${settings.id}/${key.id}`, settings.throttle?.rateLimit, settings.throttle?.burstLimit);
      if (settings.quota && !quotas.use(settings.id, key.id, settings.quota))
        throw new Refused('QUOTA_EXCEEDED', 'LimitExceededException', 'Limit Exceeded');
    }
    const { throttlingRateLimit, throttlingBurstLimit } = settingOf(stage, resource.path, method.httpMethod);
    pass(`${where}${route}`, throttlingRateLimit, throttlingBurstLimit);
  };

  function holderOf({ request, api, apiId, stage, usageKey }: Invocation): { key: ApiKey; plan: Plan } {
    const value = api.settings.apiKeySource === 'AUTHORIZER' ? usageKey : headerOf(request, 'x-api-key');
    const key = value && [...keys.values()].find((one) => one.value === value && one.enabled);
    if (!key) throw forbidden();
    const plan = [...plans.values()].find(
      ({ settings, keys: held }) =>
        held.has(key.id) &&
        settings.apiStages.some((one) => one.apiId === apiId && one.stage === stage.stageName),
    );
    if (!plan) throw forbidden();
    return { key, plan };
  }
}
