/** The account's settings: the role with which API Gateway writes logs. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { badRequest } from './errors.ts';
import { patched } from './patch.ts';

/** By name; there is `cloudwatchRoleArn`. */
export type AccountSettings = Map<'cloudwatchRoleArn', string>;

export const managingAccount = (settings: AccountSettings) => ({
  GetAccount() {
    return shown(settings) satisfies Answer<Gateway.GetAccountCommandOutput>;
  },

  UpdateAccount({ patchOperations }: Gateway.UpdateAccountCommandInput) {
    const before = { cloudwatchRoleArn: settings.get('cloudwatchRoleArn') };
    const { cloudwatchRoleArn } = patched(before, patchOperations, { '/cloudwatchRoleArn': 'text' });
    if (cloudwatchRoleArn && !/^arn:[\w-]+:iam::\d{12}:role\//.test(cloudwatchRoleArn))
      throw badRequest('Invalid ARN specified');
    if (cloudwatchRoleArn) settings.set('cloudwatchRoleArn', cloudwatchRoleArn);
    else settings.delete('cloudwatchRoleArn');
    return shown(settings) satisfies Answer<Gateway.UpdateAccountCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const shown = (settings: AccountSettings): Gateway.Account => ({
  ...Object.fromEntries(settings),
  throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
  features: ['UsagePlans'],
  apiKeyVersion: '4',
});
