/** Who may use a function URL. https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html */
import { AwsError } from '../../../errors.ts';
import type { Principal } from '../../../principal.ts';
import type { WireRequest } from '../../../wire/message.ts';
import type { World } from '../../../world.ts';
import { ANONYMOUS, decided, identityPoliciesOf, signerOf } from '../../apigateway/execute/caller.ts';
import type { FunctionUrl, LambdaFunction } from '../function.ts';
import { policyText } from '../policy.ts';
import { forbidden } from './answer.ts';

export interface Asked {
  fn: LambdaFunction;
  /** Alias. @default none: '' */
  qualifier: string;
  url: FunctionUrl;
}

/** Who calls, if they may: since October 2025 they need two permissions. Throws AwsError. */
export function permitted(
  world: World,
  { fn, qualifier, url: { AuthType: FunctionUrlAuthType, FunctionArn: resource } }: Asked,
  wire: WireRequest,
  requestId: string,
): Principal {
  const principal = FunctionUrlAuthType === 'NONE' ? ANONYMOUS : signer(world, wire);
  if (world.policies === 'off') return principal;
  const policy = fn.policies.get(qualifier);
  const knock = {
    wire,
    requestId,
    principal,
    resource,
    identityPolicies: identityPoliciesOf(world, principal),
    resourcePolicy: policy && policyText(policy),
  };
  const may = (operation: string, input: object) =>
    decided(world, knock, { service: 'lambda', operation, input }).allowed;
  if (!may('InvokeFunctionUrl', { FunctionUrlAuthType })) throw forbidden();
  if (!may('InvokeFunction', { InvokedViaFunctionUrl: true })) throw forbidden();
  return principal;
}

function signer(world: World, wire: WireRequest): Principal {
  try {
    return signerOf(world, wire, 'lambda');
  } catch (error) {
    if (error instanceof AwsError && error.code === 'MissingAuthenticationTokenException') throw forbidden();
    throw error;
  }
}
