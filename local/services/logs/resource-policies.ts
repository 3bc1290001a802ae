import type * as Logs from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, notModelled } from '../../errors.ts';
import { policyOf } from '../../policies/document.ts';
import type { Answer } from '../../service.ts';
import type { World } from '../../world.ts';
import { paged } from './paging.ts';
import { notFound } from './store.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutResourcePolicy.html */
const MOST = 10;
const LONGEST = 5_120;

/** Who else may write logs: policies of the account, each for the groups that its statements name. */
export function resourcePolicies({ clock, durable }: World) {
  const policies = new Map<string, Logs.ResourcePolicy>();
  durable?.map('logs/policies', policies);

  return {
    operations: {
      PutResourcePolicy(input: Logs.PutResourcePolicyCommandInput) {
        if (input.resourceArn || input.expectedRevisionId)
          throw notModelled('resource policies of single log groups');
        const { policyName = '', policyDocument = '' } = input;
        checkDocument(policyDocument);
        if (!policies.has(policyName) && policies.size === MOST)
          throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
        const policy = { policyName, policyDocument, lastUpdatedTime: clock.now() };
        policies.set(policyName, policy);
        return { resourcePolicy: policy } satisfies Answer<Logs.PutResourcePolicyCommandOutput>;
      },

      DescribeResourcePolicies(input: Logs.DescribeResourcePoliciesCommandInput) {
        if (input.resourceArn || input.policyScope === 'RESOURCE')
          throw notModelled('resource policies of single log groups');
        const { page, next } = paged([...policies.values()], input.nextToken, input.limit ?? 50);
        return {
          resourcePolicies: page,
          ...next,
        } satisfies Answer<Logs.DescribeResourcePoliciesCommandOutput>;
      },

      DeleteResourcePolicy({ policyName = '', ...input }: Logs.DeleteResourcePolicyCommandInput) {
        if (input.resourceArn || input.expectedRevisionId)
          throw notModelled('resource policies of single log groups');
        if (!policies.delete(policyName)) throw notFound(`Policy with name [${policyName}] does not exist.`);
        return {} satisfies Answer<Logs.DeleteResourcePolicyCommandOutput>;
      },
    },

    /** All of them as one document. */
    document(): string | undefined {
      if (policies.size === 0) return undefined;
      const Statement = [...policies.values()].flatMap(
        ({ policyDocument }) => (JSON.parse(policyDocument!) as { Statement: object | object[] }).Statement,
      );
      return JSON.stringify({ Version: '2012-10-17', Statement });
    },
  };
}

function checkDocument(text: string): void {
  if (text.length < 1 || text.length > LONGEST)
    throw invalid(`The policy document has ${text.length} characters; 1 to ${LONGEST} are allowed.`);
  try {
    policyOf(text);
  } catch {
    throw invalid('The policy document is not a valid one.');
  }
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message);
