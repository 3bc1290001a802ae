/** A key's policy, of which there is one, named `default`. https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html */
import type * as KMS from '@aws-sdk/client-kms';
import { AwsError } from '../../errors.ts';
import { decide } from '../../policies/decide.ts';
import { policyOf } from '../../policies/document.ts';
import { boundaryOf, identityPoliciesOf } from '../../policies/guard.ts';
import type { Principal } from '../../principal.ts';
import type { Answer, Call } from '../../service.ts';
import type { World } from '../../world.ts';
import { notFound, type Keys } from './key.ts';

export const policies = (world: World, keys: Keys) => ({
  GetKeyPolicy({ KeyId, PolicyName = NAME }: KMS.GetKeyPolicyCommandInput) {
    const { policy } = keys.at(KeyId);
    if (PolicyName !== NAME) throw notFound('No such policy exists');
    return { Policy: policy, PolicyName } satisfies Answer<KMS.GetKeyPolicyCommandOutput>;
  },

  PutKeyPolicy(input: KMS.PutKeyPolicyCommandInput, call: Call) {
    const { KeyId, PolicyName = NAME, Policy = '', BypassPolicyLockoutSafetyCheck: bypass } = input;
    const key = keys.at(KeyId);
    if (PolicyName !== NAME)
      throw new AwsError('UnsupportedOperationException', 'Only default policy is supported');
    checkPolicy(world, Policy, call.principal, bypass);
    key.policy = Policy;
    return {} satisfies Answer<KMS.PutKeyPolicyCommandOutput>;
  },

  ListKeyPolicies({ KeyId }: KMS.ListKeyPoliciesCommandInput) {
    keys.at(KeyId);
    return { PolicyNames: [NAME], Truncated: false } satisfies Answer<KMS.ListKeyPoliciesCommandOutput>;
  },
});

const NAME = 'default';

/** Characters. https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html */
const LONGEST = 32_768;

/** Throws for what is no policy, names nobody or, unless `bypass`, would lock `principal` out. */
export function checkPolicy(world: World, text: string, principal: Principal, bypass = false): void {
  if (text.length > LONGEST)
    throw new AwsError('LimitExceededException', `The policy is longer than ${LONGEST} characters.`);
  const { statements } = read(text);
  for (const { principals } of statements) {
    if (!principals) throw malformed('Policy document must have a principal in each statement.');
    if (!principals.aws.every((arn) => exists(world, arn)))
      throw malformed('Policy contains a statement with one or more invalid principals.');
  }
  if (!bypass && world.policies === 'enforced' && !mayChange(world, text, principal))
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
}

function read(text: string) {
  try {
    return policyOf(text);
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

/** Accounts, sessions and other accounts' own are taken at their word. */
function exists({ account, service }: World, arn: string): boolean {
  if (arn === '*' || /^\d{12}$/.test(arn)) return true;
  const [, owner, kind] = /^arn:aws:(?:iam|sts)::(\d{12}):([\w-]+)/.exec(arn) ?? [];
  if (owner === undefined) return false;
  return owner !== account || kind !== 'role' || service('iam').role(arn) !== undefined;
}

const mayChange = (world: World, resourcePolicy: string, principal: Principal): boolean =>
  decide({
    principal,
    action: 'kms:PutKeyPolicy',
    resource: '*',
    context: () => undefined,
    identityPolicies: identityPoliciesOf(world, principal),
    boundary: boundaryOf(world, principal),
    resourcePolicy,
  }).allowed;

const malformed = (message: string) => new AwsError('MalformedPolicyDocumentException', message);
