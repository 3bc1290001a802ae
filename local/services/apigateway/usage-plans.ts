/** Usage plans: which keys may call which stages, how fast and how often. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { found, type Apis } from './api.ts';
import { badRequest, notFound } from './errors.ts';
import { paged } from './page.ts';
import { patched } from './patch.ts';

export type UsagePlan = Gateway.UsagePlan & { id: string; name: string; apiStages: Gateway.ApiStage[] };

export interface Plan {
  settings: UsagePlan;
  /** Ids of its keys. */
  keys: Set<string>;
}

/** By id. */
export type Plans = Map<string, Plan>;

export const managingUsagePlans = (apis: Apis, plans: Plans) => ({
  CreateUsagePlan(input: Gateway.CreateUsagePlanCommandInput) {
    const { name = '', apiStages = [], quota, ...given } = input;
    if (name === '') throw badRequest('Usage Plan name cannot be blank');
    const settings = checked(apis, {
      ...given,
      id: apis.newId(6),
      name,
      apiStages,
      ...(quota && { quota: { offset: 0, ...quota } }),
    });
    plans.set(settings.id, { settings, keys: new Set() });
    return settings satisfies Answer<Gateway.CreateUsagePlanCommandOutput>;
  },

  GetUsagePlan({ usagePlanId }: Gateway.GetUsagePlanCommandInput) {
    const { settings } = planAt(plans, usagePlanId);
    return { tags: {}, ...settings } satisfies Answer<Gateway.GetUsagePlanCommandOutput>;
  },

  GetUsagePlans(input: Gateway.GetUsagePlansCommandInput) {
    const chosen = [...plans.values()].filter(
      (plan) => input.keyId === undefined || plan.keys.has(input.keyId),
    );
    return paged(
      chosen.map(({ settings }) => settings),
      input,
    ) satisfies Answer<Gateway.GetUsagePlansCommandOutput>;
  },

  UpdateUsagePlan({ usagePlanId, patchOperations = [] }: Gateway.UpdateUsagePlanCommandInput) {
    const plan = planAt(plans, usagePlanId);
    let { settings } = plan;
    for (const operation of patchOperations)
      settings = withStages(settings, operation) ?? patched(settings, [operation], KINDS);
    plan.settings = checked(apis, settings);
    return { tags: {}, ...plan.settings } satisfies Answer<Gateway.UpdateUsagePlanCommandOutput>;
  },

  DeleteUsagePlan({ usagePlanId }: Gateway.DeleteUsagePlanCommandInput) {
    const { settings } = planAt(plans, usagePlanId);
    if (settings.apiStages.length > 0)
      throw badRequest(
        `Cannot delete usage plan ${settings.id} because it is associated with API stages: ${settings.apiStages.map(({ apiId, stage }) => `${apiId}:${stage}`).join(', ')}`,
      );
    plans.delete(settings.id);
    return {} satisfies Answer<Gateway.DeleteUsagePlanCommandOutput>;
  },
});

const KINDS = {
  '/name': 'text',
  '/description': 'text',
  '/productCode': 'text',
  '/throttle/rateLimit': 'number',
  '/throttle/burstLimit': 'number',
  '/throttle': 'text',
  '/quota/limit': 'number',
  '/quota/offset': 'number',
  '/quota/period': 'text',
  '/quota': 'text',
} as const;

/** `add /apiStages` with `API:STAGE`, and `replace /apiStages/API:STAGE/throttle/~1orders~1POST/rateLimit`. */
function withStages(
  plan: UsagePlan,
  { op, path = '', value = '' }: Gateway.PatchOperation,
): UsagePlan | undefined {
  const [, top, which = '', , method = '', limit] = path.split('/');
  if (top !== 'apiStages') return undefined;
  const [apiId, stage] = (which || value).split(':');
  if (!apiId || !stage) throw badRequest('Invalid API Stage specified');
  const others = plan.apiStages.filter((one) => one.apiId !== apiId || one.stage !== stage);
  if (which === '' && op === 'remove') return { ...plan, apiStages: others };
  const before = plan.apiStages.find((one) => one.apiId === apiId && one.stage === stage);
  if (which === '') return { ...plan, apiStages: [...others, before ?? { apiId, stage }] };
  if (!before) throw badRequest('Invalid API Stage specified');
  const name = method.replaceAll('~1', '/');
  const throttle = { ...before.throttle };
  if (op === 'remove') delete throttle[name];
  else throttle[name] = { ...throttle[name], [limit ?? '']: Number(value) };
  return { ...plan, apiStages: [...others, { ...before, throttle }] };
}

function checked(apis: Apis, plan: UsagePlan): UsagePlan {
  for (const { apiId = '', stage = '' } of plan.apiStages)
    if (!apis.all.get(apiId)?.stages.has(stage))
      throw notFound(`Invalid API Stage {api: ${apiId}, stage: ${stage}} specified for usageplan ${plan.id}`);
  if (plan.quota && !['DAY', 'WEEK', 'MONTH'].includes(plan.quota.period ?? ''))
    throw badRequest('Invalid quota period. Valid values are DAY, WEEK, MONTH');
  return plan;
}

export const planAt = (plans: Plans, id = ''): Plan =>
  found(plans.get(id), 'Invalid Usage Plan ID specified');
