/** Integrations with AWS services, as far as they are modelled, and the parameters that each takes. */
import { notModelled } from '../../errors.ts';
import { badRequest } from '../apigateway/errors.ts';
import type { Integration } from './api.ts';

interface Parameters {
  required: string[];
  optional: string[];
  /** Those that are no texts: their source must be one that is filled in. */
  structured: string[];
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-aws-services-reference.html */
const SUBTYPES: Record<string, Parameters> = {
  'SQS-SendMessage': {
    required: ['QueueUrl', 'MessageBody'],
    optional: ['DelaySeconds', 'MessageDeduplicationId', 'MessageGroupId'],
    structured: ['MessageAttributes', 'MessageSystemAttributes'],
  },
  'EventBridge-PutEvents': {
    required: ['Detail', 'DetailType', 'Source'],
    optional: ['EventBusName', 'Time', 'TraceHeader'],
    structured: ['Resources'],
  },
};

/** Throws BadRequestException; but for the source of a structured parameter the words are not AWS's. */
export function checkSubtype(integration: Integration): void {
  const {
    IntegrationSubtype = '',
    RequestParameters = {},
    CredentialsArn,
    PayloadFormatVersion,
  } = integration;
  const parameters = SUBTYPES[IntegrationSubtype];
  if (!parameters) throw notModelled(`integrations ${IntegrationSubtype} of HTTP APIs`);
  if (RequestParameters['Region'] !== undefined)
    throw notModelled(`the parameter Region of ${IntegrationSubtype}`);
  if (!CredentialsArn) throw badRequest(`CredentialsArn is a required parameter for ${IntegrationSubtype}`);
  if (PayloadFormatVersion !== '1.0')
    throw badRequest(`PayloadFormatVersion ${PayloadFormatVersion} is not supported`);
  const { required, optional, structured } = parameters;
  const missing = required.find((name) => RequestParameters[name] === undefined);
  if (missing !== undefined) throw badRequest(`${missing} is a required parameter for ${IntegrationSubtype}`);
  for (const [name, source] of Object.entries(RequestParameters)) {
    if (![...required, ...optional, ...structured].includes(name))
      throw badRequest(`${name} is not a parameter of ${IntegrationSubtype}`);
    if (!isSource(source) || (structured.includes(name) && !source.includes('$')))
      throw badRequest(
        `Invalid selection expression specified: Validation Result: warnings : [], errors : [Invalid source: ${source} specified for destination: ${name}]`,
      );
  }
}

/** Neither recursive descent nor filters are taken. */
const isSource = (source: string): boolean =>
  !source.startsWith('$') ||
  source.startsWith('${') ||
  (/^\$(request\.(header|querystring|path)\.|request\.body$|request\.body[.[]|context\.|stageVariables\.)/.test(
    source,
  ) &&
    !/\.\.|\?\(/.test(source));
