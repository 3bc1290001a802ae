/** How AWS says no. https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
import type { Step } from '../dispatch.ts';
import { AwsError } from '../errors.ts';
import type { Need } from './actions.ts';
import type { Decision } from './decide.ts';

export function denied(
  { service, call, input }: Step,
  need: Need,
  decision: Exclude<Decision, { allowed: true }>,
): AwsError {
  // SQS writes its actions in lower case: https://github.com/aws/serverless-application-model/issues/3633
  const action = service === 'sqs' ? need.action.toLowerCase() : need.action;
  const resource = service === 's3' ? `"${need.resource}"` : need.resource;
  const isUnnamed = action === 'kms:Decrypt' && input.KeyId === undefined;
  const because = isUnnamed && decision.kind === 'resource' ? NO_SUCH_KEY : reason(action, decision);
  const on = isUnnamed ? OF_CIPHERTEXT : need.resource === '*' ? '' : ` on resource: ${resource}`;
  const [code, status] = CODES[service] ?? ['AccessDeniedException', 400];
  return new AwsError(
    code,
    `User: ${call.principal.arn} is not authorized to perform: ${action}${on}${because}`,
    { status },
  );
}

function reason(action: string, { explicit, kind }: Exclude<Decision, { allowed: true }>): string {
  if (explicit) return ` with an explicit deny in ${kind === 'identity' ? 'an' : 'a'} ${KINDS[kind]}`;
  if (action === 'sts:AssumeRole') return ''; // a trust policy is not spoken of
  return ` because no ${KINDS[kind]} allows the ${action} action`;
}

const KINDS = {
  identity: 'identity-based policy',
  resource: 'resource-based policy',
  boundary: 'permissions boundary',
};

/** KMS does not tell who may not know which key a ciphertext belongs to. https://github.com/aws/aws-cdk/tree/main/packages/aws-cdk-lib/aws-s3-deployment */
const OF_CIPHERTEXT = ' on the resource associated with this ciphertext';
const NO_SUCH_KEY =
  ' because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access';

const CODES: Record<string, [code: string, status: number]> = {
  sqs: ['AccessDenied', 403],
  s3: ['AccessDenied', 403],
  iam: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
  cloudformation: ['AccessDenied', 403],
  monitoring: ['AccessDenied', 403],
  lambda: ['AccessDeniedException', 403],
  scheduler: ['AccessDeniedException', 403],
  apigateway: ['AccessDeniedException', 403],
  apigatewayv2: ['AccessDeniedException', 403],
};
