/** The account's settings: the role with which API Gateway writes logs. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { badRequest } from './errors.ts';
import { patched } from './patch.ts';

export interface Account {
  cloudwatchRoleArn?: string;
}

export const managingAccount = (account: Account) => ({
  GetAccount() {
    return shown(account) satisfies Answer<Gateway.GetAccountCommandOutput>;
  },

  UpdateAccount({ patchOperations }: Gateway.UpdateAccountCommandInput) {
    const { cloudwatchRoleArn } = patched(account, patchOperations, { '/cloudwatchRoleArn': 'text' });
    if (cloudwatchRoleArn) {
      if (!/^arn:[\w-]+:iam::\d{12}:role\//.test(cloudwatchRoleArn))
        throw badRequest('Invalid ARN specified');
      account.cloudwatchRoleArn = cloudwatchRoleArn;
    } else delete account.cloudwatchRoleArn;
    return shown(account) satisfies Answer<Gateway.UpdateAccountCommandOutput>;
  },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const shown = (account: Account): Gateway.Account => ({
  ...account,
  throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
  features: ['UsagePlans'],
  apiKeyVersion: '4',
});
