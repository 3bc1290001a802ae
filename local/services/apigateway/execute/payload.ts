/** What a request becomes on its way to an integration. */
import type { Invocation, Target } from './invocation.ts';
import { headerOf } from './invocation.ts';
import { mapped } from './mapping.ts';
import { Refused } from './refused.ts';

/** The body by the template for its type, or as it is where that may pass. https://docs.aws.amazon.com/apigateway/latest/developerguide/integration-passthrough-behaviors.html */
export function payloadOf(invocation: Invocation, { method }: Target): string {
  const { requestTemplates = {}, passthroughBehavior } = method.methodIntegration!;
  const body = Buffer.from(invocation.request.body).toString();
  const type = headerOf(invocation.request, 'content-type')?.split(';')[0]?.trim() || 'application/json';
  const template = requestTemplates[type] ?? requestTemplates['$default'];
  if (template !== undefined) return mapped(template, invocation, body);
  const none = Object.keys(requestTemplates).length === 0;
  if (passthroughBehavior === 'WHEN_NO_MATCH' || (passthroughBehavior === 'WHEN_NO_TEMPLATES' && none))
    return body;
  throw new Refused('UNSUPPORTED_MEDIA_TYPE', 'BadRequestException', 'Unsupported Media Type');
}
