import {
  APIGatewayClient,
  DeleteAuthorizerCommand,
  GetAuthorizersCommand,
  PutMethodCommand,
  UpdateAuthorizerCommand,
  UpdateMethodCommand,
  type CreateAuthorizerCommandInput,
} from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLocal, type Local } from '../../../local/index.ts';
import { FUNCTION, invocationUri } from './api.ts';
import { fresh } from './fresh.ts';
import { authorizer } from './guarded.ts';

let aws: Local;
let gateway: APIGatewayClient;
let at: { restApiId: string; resourceId: string; httpMethod: string };
let restApiId: string;
/** The one that `ANY /` asks, and one that nobody does. */
let token: string;
let other: string;

const made = (settings: Partial<CreateAuthorizerCommandInput>) =>
  authorizer({ gateway, restApiId }, settings);

beforeAll(async () => {
  aws = await startLocal();
  gateway = aws.client(APIGatewayClient);
  ({ at, restApiId } = await fresh(gateway));
  token = await made({});
  other = await made({ name: 'other', authorizerResultTtlInSeconds: 0 });
  const patchOperations = [
    { op: 'replace' as const, path: '/authorizationType', value: 'CUSTOM' },
    { op: 'replace' as const, path: '/authorizerId', value: token },
  ];
  await gateway.send(new UpdateMethodCommand({ ...at, patchOperations }));
});
afterAll(() => aws.stop());

test('an authorizer that a method names stays, and one that is renamed says so', async () => {
  await expect(gateway.send(new DeleteAuthorizerCommand({ restApiId, authorizerId: token }))).rejects.toThrow(
    "Cannot delete authorizer 'guard', is referenced in method: ANY//",
  );
  const patchOperations = [{ op: 'replace' as const, path: '/name', value: 'another' }];
  await gateway.send(new UpdateAuthorizerCommand({ restApiId, authorizerId: other, patchOperations }));
  const { items = [] } = await gateway.send(new GetAuthorizersCommand({ restApiId }));
  expect(items.find(({ id }) => id === other)).toEqual({
    id: other,
    name: 'another',
    type: 'TOKEN',
    authType: 'custom',
    authorizerUri: invocationUri(FUNCTION.replace(/f$/, 'guard')),
    identitySource: 'method.request.header.Authorization',
    authorizerResultTtlInSeconds: 0,
  });
});

test.each<[string, Partial<CreateAuthorizerCommandInput>, string]>([
  [
    'for an API that is not there',
    { restApiId: 'missing' },
    'Unable to complete operation due to concurrent modification. Please try again later.',
  ],
  [
    'of a name that is taken',
    { name: 'guard' },
    'Authorizer name must be unique. Authorizer guard already exists in this RestApi.',
  ],
  [
    'with the ARN of a function for its address',
    { authorizerUri: FUNCTION },
    `Invalid Authorizer URI: ${FUNCTION}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
  ],
  [
    'that remembers for more than an hour',
    { authorizerResultTtlInSeconds: 3601 },
    'Authorizer result TTL should be between 0 and 3600 seconds',
  ],
  [
    'that remembers by nothing',
    { type: 'REQUEST', identitySource: undefined },
    'Identity source must be set if authorizer caching is enabled (TTL is greater than 0)',
  ],
  ['of user pools', { type: 'COGNITO_USER_POOLS' }, 'authorizers of type COGNITO_USER_POOLS'],
])('an authorizer %s is refused', async (_what, settings, message) => {
  await expect(made({ name: 'new', ...settings })).rejects.toThrow(message);
});

test('a method that asks for an authorizer names one that is there; another forgets it', async () => {
  const message =
    'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.';
  await expect(
    gateway.send(
      new PutMethodCommand({ ...at, httpMethod: 'PUT', authorizationType: 'CUSTOM', authorizerId: 'zzz' }),
    ),
  ).rejects.toThrow(message);
  const { authorizerId } = await gateway.send(
    new PutMethodCommand({ ...at, httpMethod: 'PATCH', authorizationType: 'NONE', authorizerId: token }),
  );
  expect(authorizerId).toBeUndefined();
});
