/** What stands behind a method. */
import type * as Gateway from '@aws-sdk/client-api-gateway';
import { notModelled } from '../../errors.ts';
import type { Answer } from '../../service.ts';
import { found, type Apis, type Method } from './api.ts';
import { badRequest } from './errors.ts';
import { askedBy } from './execute/aws.ts';
import { patched } from './patch.ts';

export const managingIntegrations = (apis: Apis) => ({
  PutIntegration(input: Gateway.PutIntegrationCommandInput) {
    const { restApiId, resourceId, httpMethod, integrationHttpMethod, ...given } = input;
    const method = apis.methodAt(apis.at(restApiId), resourceId, httpMethod);
    method.methodIntegration = checked({
      passthroughBehavior: 'WHEN_NO_MATCH',
      timeoutInMillis: 29_000,
      cacheNamespace: resourceId,
      cacheKeyParameters: [],
      ...given,
      ...(integrationHttpMethod && { httpMethod: integrationHttpMethod }),
    });
    return method.methodIntegration satisfies Answer<Gateway.PutIntegrationCommandOutput>;
  },

  GetIntegration({ restApiId, resourceId, httpMethod }: Gateway.GetIntegrationCommandInput) {
    return integrationOf(
      apis.methodAt(apis.at(restApiId), resourceId, httpMethod),
    ) satisfies Answer<Gateway.GetIntegrationCommandOutput>;
  },

  UpdateIntegration(input: Gateway.UpdateIntegrationCommandInput) {
    const method = apis.methodAt(apis.at(input.restApiId), input.resourceId, input.httpMethod);
    method.methodIntegration = checked(
      patched(integrationOf(method), input.patchOperations, {
        '/uri': 'text',
        '/httpMethod': 'text',
        '/credentials': 'text',
        '/passthroughBehavior': 'text',
        '/contentHandling': 'text',
        '/timeoutInMillis': 'number',
        '/requestParameters/{}': 'text',
        '/requestTemplates/{}': 'text',
      }),
    );
    return method.methodIntegration satisfies Answer<Gateway.UpdateIntegrationCommandOutput>;
  },

  DeleteIntegration({ restApiId, resourceId, httpMethod }: Gateway.DeleteIntegrationCommandInput) {
    const method = apis.methodAt(apis.at(restApiId), resourceId, httpMethod);
    integrationOf(method);
    delete method.methodIntegration;
    return {} satisfies Answer<Gateway.DeleteIntegrationCommandOutput>;
  },
});

export const integrationOf = ({ methodIntegration }: Method): Gateway.Integration =>
  found(methodIntegration, 'Invalid Integration identifier specified');

/** Texts as recorded against AWS. */
function checked(integration: Gateway.Integration): Gateway.Integration {
  const { type, uri = '', timeoutInMillis = 0 } = integration;
  if (timeoutInMillis < 50 || timeoutInMillis > 29_000)
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
  if (integration.connectionType === 'VPC_LINK') throw notModelled('VPC links');
  if (integration.cacheKeyParameters?.length) throw notModelled('caches of REST APIs');
  if (integration.responseTransferMode === 'STREAM') throw notModelled('response streaming of REST APIs');
  if (integration.contentHandling !== undefined) throw notModelled('contentHandling of an integration');
  if (type === 'MOCK') return integration;
  if (type === 'HTTP' || type === 'HTTP_PROXY') throw notModelled(`integrations of type ${type}`);
  if (type !== 'AWS' && type !== 'AWS_PROXY')
    throw badRequest(
      `1 validation error detected: Value '${type}' at 'putIntegrationInput.type' failed to satisfy constraint: Member must satisfy enum value set: [HTTP, MOCK, AWS_PROXY, HTTP_PROXY, AWS]`,
    );
  if (!integration.httpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  if (!uri.startsWith('arn:')) throw badRequest('Invalid ARN specified in the request');
  if (!/:(path|action)\//.test(uri)) throw badRequest('AWS ARN for integration must contain path or action');
  if (type === 'AWS') return checkedService(integration, uri);
  if (integration.requestParameters && Object.keys(integration.requestParameters).length > 0)
    throw notModelled('parameter mappings of proxy integrations');
  if (!/:lambda:path\//.test(uri)) {
    if (/:firehose:/.test(uri)) throw notModelled('integrations with Firehose');
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
  return integration;
}

function checkedService(integration: Gateway.Integration, uri: string): Gateway.Integration {
  const asked = askedBy(uri);
  if (!asked) throw notModelled(`the integration ${uri}`);
  if (asked.service !== 'lambda' && !integration.credentials)
    throw badRequest('Role ARN must be specified for AWS integrations');
  const other = Object.keys(integration.requestParameters ?? {}).find((place) => !MAPPED.test(place));
  if (other !== undefined) throw notModelled(`the mapping ${other} of an integration`);
  return integration;
}

const MAPPED =
  /^integration\.request\.(querystring\..+|header\.(Content-Type|X-Amz-Invocation-Type|X-Amz-Target))$/i;
