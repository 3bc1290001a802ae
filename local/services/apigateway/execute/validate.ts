/** Holds a request against what its method declares. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html */
import type { Definition } from '../api.ts';
import { headerOf, type Incoming, type Invocation, type Target } from './invocation.ts';
import { violations } from './json-schema.ts';
import { Refused } from './refused.ts';

export function validate({ api, request }: Invocation, target: Target): void {
  const { method, pathParameters } = target;
  const validator = api.validators.get(method.requestValidatorId ?? '');
  if (validator?.validateRequestParameters)
    checkParameters(request, method.requestParameters, pathParameters);
  if (validator?.validateRequestBody) checkBody(api, request, method.requestModels);
}

/** What is blank is missing. */
function checkParameters(
  request: Incoming,
  parameters: Record<string, boolean> = {},
  pathParameters: Record<string, string>,
): void {
  const missing = Object.entries(parameters)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([parameter, required]) => {
      const [, place, name = ''] = /^method\.request\.(\w+)\.(.+)$/.exec(parameter) ?? [];
      const value =
        place === 'path'
          ? pathParameters[name]
          : place?.endsWith('header')
            ? headerOf(request, name)
            : request.query.get(name)?.at(-1);
      return required && !value?.trim() ? [name] : [];
    });
  if (missing.length > 0)
    throw new Refused(
      'BAD_REQUEST_PARAMETERS',
      'BadRequestException',
      `Missing required request parameters: [${missing.join(', ')}]`,
    );
}

/** A body of a type for which no model is declared passes unseen, as on AWS. */
function checkBody(api: Definition, request: Incoming, models: Record<string, string> = {}): void {
  const type = headerOf(request, 'content-type')?.split(';')[0]?.trim() || 'application/json';
  const name = models[type] ?? models['$default'];
  if (name === undefined) return;
  const found = violations(api, name, Buffer.from(request.body).toString());
  if (found !== undefined)
    throw new Refused('BAD_REQUEST_BODY', 'BadRequestException', 'Invalid request body', {
      validation: found,
    });
}
