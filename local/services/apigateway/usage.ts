/** GetUsage and UpdateUsage: what keys have used of their quotas. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { badRequest, notFound } from './errors.ts';
import type { Quotas } from './quotas.ts';
import { planAt, type Plans } from './usage-plans.ts';

export const telling = (plans: Plans, quotas: Quotas) => ({
  GetUsage({ usagePlanId, keyId, startDate = '', endDate = '' }: Gateway.GetUsageCommandInput) {
    const { settings } = planAt(plans, usagePlanId);
    for (const date of [startDate, endDate])
      if (!/^\d{4}-\d\d-\d\d$/.test(date)) throw badRequest('Invalid date format. Must be YYYY-MM-DD');
    const keys = keyId === undefined ? quotas.keysOf(settings.id) : [keyId];
    return {
      usagePlanId: settings.id,
      startDate,
      endDate,
      items: Object.fromEntries(
        keys.map((key) => [key, quotas.usage(settings.id, key, settings.quota, startDate, endDate)]),
      ),
    } satisfies Answer<Gateway.GetUsageCommandOutput>;
  },

  /** Only `replace /remaining`. */
  UpdateUsage({ usagePlanId, keyId = '', patchOperations = [] }: Gateway.UpdateUsageCommandInput) {
    const { settings, keys } = planAt(plans, usagePlanId);
    if (!keys.has(keyId)) throw notFound('Invalid Usage Plan Key ID specified');
    for (const { op, path, value } of patchOperations) {
      if (op !== 'replace' || path !== '/remaining')
        throw badRequest(
          `Invalid patch path  '${path}' specified for op '${op}'. Must be one of: [/remaining]`,
        );
      if (!settings.quota) throw badRequest('Usage Plan has no quota');
      quotas.grant(settings.id, keyId, settings.quota, Number(value));
    }
    return { usagePlanId: settings.id } satisfies Answer<Gateway.UpdateUsageCommandOutput>;
  },
});
