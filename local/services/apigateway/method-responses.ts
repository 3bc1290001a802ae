/** The responses that a method declares, by status. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import type { Answer } from '../../service.ts';
import { found, type Apis, type Method } from './api.ts';
import { badRequest, conflict } from './errors.ts';
import { patched } from './patch.ts';

export const managingMethodResponses = (apis: Apis) => ({
  PutMethodResponse(input: Gateway.PutMethodResponseCommandInput) {
    const { restApiId, resourceId, httpMethod, statusCode = '', ...given } = input;
    const method = apis.methodAt(apis.at(restApiId), resourceId, httpMethod);
    checkStatus(statusCode);
    method.methodResponses ??= {};
    if (method.methodResponses[statusCode]) throw conflict('Response already exists for this resource');
    const response = { statusCode, ...given };
    method.methodResponses[statusCode] = response;
    return response satisfies Answer<Gateway.PutMethodResponseCommandOutput>;
  },

  GetMethodResponse(input: Gateway.GetMethodResponseCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    return responseAt(method, input.statusCode) satisfies Answer<Gateway.GetMethodResponseCommandOutput>;
  },

  UpdateMethodResponse(input: Gateway.UpdateMethodResponseCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    const response = patched(responseAt(method, input.statusCode), input.patchOperations, {
      '/responseParameters/{}': 'flag',
      '/responseModels/{}': 'text',
    });
    method.methodResponses![input.statusCode!] = response;
    return response satisfies Answer<Gateway.UpdateMethodResponseCommandOutput>;
  },

  DeleteMethodResponse(input: Gateway.DeleteMethodResponseCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    responseAt(method, input.statusCode);
    delete method.methodResponses![input.statusCode!];
    return {} satisfies Answer<Gateway.DeleteMethodResponseCommandOutput>;
  },
});

export function checkStatus(statusCode: string): void {
  if (!/^[1-5]\d\d$/.test(statusCode))
    throw badRequest(
      String.raw`1 validation error detected: Value '${statusCode}' at 'statusCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [1-5]\d\d`,
    );
}

const responseAt = ({ methodResponses }: Method, statusCode = '') =>
  found(methodResponses?.[statusCode], 'Invalid Response status code specified');
