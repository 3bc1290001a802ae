import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';

/** Lets a function do exactly this with exactly these. */
export function allow(
  fn: lambda.Function,
  actions: string[],
  resources: string | string[],
  conditions?: Record<string, Record<string, unknown>>,
): void {
  fn.addToRolePolicy(new PolicyStatement({ actions, resources: [resources].flat(), conditions }));
}
