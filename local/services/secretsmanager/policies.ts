/** The policy of a secret itself. https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html */
import type * as SecretsManager from '@aws-sdk/client-secrets-manager';
import { AwsError } from '../../errors.ts';
import { policyOf } from '../../policies/document.ts';
import type { Answer } from '../../service.ts';
import { named, type Secrets } from './secret.ts';

export const policies = (secrets: Secrets) => ({
  GetResourcePolicy({ SecretId }: SecretsManager.GetResourcePolicyCommandInput) {
    const secret = secrets.active(SecretId);
    const { policy } = secret;
    return {
      ...named(secret),
      ...(policy !== undefined && { ResourcePolicy: policy }),
    } satisfies Answer<SecretsManager.GetResourcePolicyCommandOutput>;
  },

  PutResourcePolicy(input: SecretsManager.PutResourcePolicyCommandInput) {
    const { SecretId, ResourcePolicy = '', BlockPublicPolicy = false } = input;
    const secret = secrets.active(SecretId);
    const fault = faultOf(ResourcePolicy);
    if (fault !== undefined) throw new AwsError('MalformedPolicyDocumentException', fault);
    if (BlockPublicPolicy && isPublic(ResourcePolicy)) throw new AwsError('PublicPolicyException', PUBLIC);
    secret.policy = ResourcePolicy;
    return named(secret) satisfies Answer<SecretsManager.PutResourcePolicyCommandOutput>;
  },

  DeleteResourcePolicy({ SecretId }: SecretsManager.DeleteResourcePolicyCommandInput) {
    const secret = secrets.active(SecretId);
    secret.policy = undefined;
    return named(secret) satisfies Answer<SecretsManager.DeleteResourcePolicyCommandOutput>;
  },

  ValidateResourcePolicy(input: SecretsManager.ValidateResourcePolicyCommandInput) {
    const { SecretId, ResourcePolicy = '' } = input;
    if (SecretId !== undefined) secrets.at(SecretId);
    const fault = faultOf(ResourcePolicy);
    const ValidationErrors =
      fault !== undefined
        ? [{ CheckName: 'POLICY_SYNTAX', ErrorMessage: fault }]
        : isPublic(ResourcePolicy)
          ? [{ CheckName: 'PUBLIC_POLICY', ErrorMessage: PUBLIC }]
          : [];
    return {
      PolicyValidationPassed: ValidationErrors.length === 0,
      ValidationErrors,
    } satisfies Answer<SecretsManager.ValidateResourcePolicyCommandOutput>;
  },
});

/** Characters. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const LONGEST = 20_480;

const PUBLIC = 'The resource policy grants broad access to the secret.';

/** What is wrong with a text as a policy. */
function faultOf(text: string): string | undefined {
  if (text.length > LONGEST) return `The policy is longer than ${LONGEST} characters.`;
  try {
    const { statements } = policyOf(text);
    // https://github.com/awsdocs/aws-cloudformation-user-guide/pull/623
    return statements.every(({ principals, resources }) => principals && resources)
      ? undefined
      : 'This policy has invalid syntax.';
  } catch {
    return 'This policy has invalid syntax.';
  }
}

/** Whether it lets in everybody, on no condition. */
const isPublic = (text: string): boolean =>
  policyOf(text).statements.some(
    ({ effect, principals, conditions }) =>
      effect === 'Allow' &&
      principals !== undefined &&
      (principals.not || principals.anyone || principals.aws.includes('*')) &&
      conditions.length === 0,
  );
