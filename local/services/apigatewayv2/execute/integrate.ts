/** Asks what stands behind a route, for as long as it may take. */
import type { WireAnswer } from '../../../wire/message.ts';
import { inTime } from '../../apigateway/execute/integrate.ts';
import { internalError } from '../../apigateway/execute/refused.ts';
import { awsService } from './aws-service.ts';
import type { Invocation, Target } from './invocation.ts';
import { lambdaProxy } from './lambda-proxy.ts';

/** Throws Refused for whatever goes wrong behind the API. */
export async function integrated(invocation: Invocation, target: Target): Promise<WireAnswer> {
  const { definition, world } = invocation;
  const integration = definition.integrations.get(target.route.Target?.replace('integrations/', '') ?? '');
  if (!integration) throw internalError('API_CONFIGURATION_ERROR', 500);
  const { TimeoutInMillis = 30_000, IntegrationSubtype } = integration;
  const ask = IntegrationSubtype === undefined ? lambdaProxy : awsService;
  const begun = world.clock.now();
  try {
    return await inTime(ask(invocation, target, integration), TimeoutInMillis, world.clock);
  } finally {
    invocation.integrationLatency = world.clock.now() - begun;
  }
}
