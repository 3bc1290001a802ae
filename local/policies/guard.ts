/** Stands before every operation, of a client or of a service on another's behalf, and asks the policies. */
import type { Guard, Step } from '../dispatch.ts';
import type { Principal } from '../principal.ts';
import type { Service } from '../service.ts';
import type { World } from '../world.ts';
import { needsOf, type Need } from './actions.ts';
import { contextOf } from './context.ts';
import { decide } from './decide.ts';
import { denied } from './denied.ts';

export const allowing =
  (world: World): Guard =>
  (step, run) => {
    checkAllowed(world, step);
    return run(step);
  };

/** Throws AccessDenied in AWS's words for the first thing that is not allowed; nothing while policies are off. */
export function checkAllowed(world: World, step: Step): void {
  if (world.policies !== 'off' && !isPlumbing(step)) authorize(world, step);
}

/** What AWS does behind the scenes, and what a service does with its own, needs no customer's permission. */
const isPlumbing = ({ service, call: { principal, protocol } }: Step) =>
  principal.kind === 'service'
    ? principal.service === `${service}.amazonaws.com`
    : principal.kind === 'administrator' && protocol === 'internal' && principal.via === undefined;

function authorize(world: World, step: Step): void {
  const { call } = step;
  const service: Service = world.service(step.service as never);
  const resources = (operation: string, input: object) =>
    service.resources?.(operation, input, call) ?? ['*'];
  const identityPolicies = identityPoliciesOf(world, call.principal);
  const boundary = boundaryOf(world, call.principal);
  for (const need of needsOf(step, resources)) {
    if (call.principal.kind === 'service' && service.exists?.(need.resource) === false) continue;
    const decision = decide({
      principal: call.principal,
      ...need,
      context: contextOf(step, need.resource, service.conditions),
      identityPolicies,
      boundary,
      resourcePolicy: isOwn(need) ? service.resourcePolicy?.(need.resource) : undefined,
    });
    if (!decision.allowed) throw denied(step, need, decision);
  }
}

/** Whether the need is of something in the service that was called. */
const isOwn = ({ action, resource }: Need) => action !== 'iam:PassRole' && resource !== '*';

/** JSON text. */
export function boundaryOf(world: World, principal: Principal): string | undefined {
  if (principal.kind === 'role') return world.service('iam').boundaryOf(principal.roleArn);
  return principal.kind === 'user' ? world.service('iam').boundaryOf(principal.arn) : undefined;
}

/** JSON texts. */
export function identityPoliciesOf(world: World, principal: Principal): string[] {
  if (principal.kind === 'role') return world.service('iam').policiesOf(principal.roleArn);
  return principal.kind === 'user' ? world.service('iam').policiesOf(principal.arn) : [];
}
