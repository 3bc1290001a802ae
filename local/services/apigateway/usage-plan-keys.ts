/** The keys of a usage plan. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { keyAt, type ApiKeys } from './api-keys.ts';
import { badRequest, conflict, notFound } from './errors.ts';
import { paged } from './page.ts';
import { planAt, type Plan, type Plans } from './usage-plans.ts';

export const managingUsagePlanKeys = (keys: ApiKeys, plans: Plans) => ({
  CreateUsagePlanKey({ usagePlanId, keyId, keyType }: Gateway.CreateUsagePlanKeyCommandInput) {
    const plan = planAt(plans, usagePlanId);
    if (keyType !== 'API_KEY') throw badRequest('Usage Plan Key type must be one of the following: API_KEY');
    const key = keyAt(keys, keyId);
    if (plan.keys.has(key.id))
      throw conflict(`Usage plan ${plan.settings.id} already has the API key ${key.id}`);
    checkStagesOf(plans, plan, key.id);
    plan.keys.add(key.id);
    return planKey(keys, key.id) satisfies Answer<Gateway.CreateUsagePlanKeyCommandOutput>;
  },

  GetUsagePlanKey({ usagePlanId, keyId = '' }: Gateway.GetUsagePlanKeyCommandInput) {
    const plan = planAt(plans, usagePlanId);
    if (!plan.keys.has(keyId)) throw notFound('Invalid Usage Plan Key ID specified');
    return planKey(keys, keyId) satisfies Answer<Gateway.GetUsagePlanKeyCommandOutput>;
  },

  GetUsagePlanKeys(input: Gateway.GetUsagePlanKeysCommandInput) {
    const plan = planAt(plans, input.usagePlanId);
    const all = [...plan.keys].map((id) => planKey(keys, id));
    return paged(all, input) satisfies Answer<Gateway.GetUsagePlanKeysCommandOutput>;
  },

  DeleteUsagePlanKey({ usagePlanId, keyId = '' }: Gateway.DeleteUsagePlanKeyCommandInput) {
    if (!planAt(plans, usagePlanId).keys.delete(keyId)) throw notFound('Invalid Usage Plan Key ID specified');
    return {} satisfies Answer<Gateway.DeleteUsagePlanKeyCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html */
function checkStagesOf(plans: Plans, plan: Plan, keyId: string): void {
  const served = new Set(plan.settings.apiStages.map(({ apiId, stage }) => `${apiId}:${stage}`));
  for (const other of plans.values())
    if (
      other.keys.has(keyId) &&
      other.settings.apiStages.some(({ apiId, stage }) => served.has(`${apiId}:${stage}`))
    )
      throw conflict(
        `UsagePlan ${plan.settings.id} and ${other.settings.id} conflict: a key can be in one usage plan of a stage only`,
      );
}

function planKey(keys: ApiKeys, id: string): Gateway.UsagePlanKey {
  const { value, name } = keyAt(keys, id);
  return { id, type: 'API_KEY', value, ...(name && { name }) };
}
