import {
  CreateAuthorizerCommand,
  CreateRouteCommand,
  DeleteAuthorizerCommand,
  GetAuthorizerCommand,
  GetAuthorizersCommand,
  GetRoutesCommand,
  UpdateAuthorizerCommand,
  UpdateRouteCommand,
  type CreateAuthorizerCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { invocationUri } from '../apigateway/api.ts';
import { authorizer, startHttpApi, type HttpApi } from './api.ts';
import { newIssuer, type Issuer } from './issuer.ts';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await newIssuer();
});
afterAll(() => issuer.close());

let aws: HttpApi;
beforeEach(async () => {
  aws = await startHttpApi();
});
afterEach(() => aws.stop());

const refusal = async (command: object) => {
  const error = (await aws.gateway
    .send(command as GetAuthorizersCommand)
    .catch((reason: unknown) => reason)) as Error;
  return `${error.name}: ${error.message}`;
};

const REQUEST = { AuthorizerUri: invocationUri(), AuthorizerPayloadFormatVersion: '2.0' };
const jwt = (): Partial<CreateAuthorizerCommandInput> => ({
  AuthorizerType: 'JWT',
  JwtConfiguration: { Issuer: issuer.url, Audience: ['shop'] },
});
const create = (input: Partial<CreateAuthorizerCommandInput>) =>
  new CreateAuthorizerCommand({
    ApiId: aws.ApiId,
    Name: 'one',
    AuthorizerType: 'REQUEST',
    IdentitySource: ['$request.header.Authorization'],
    ...input,
  });

test('authorizers are made, changed, listed and deleted', async () => {
  const { ApiId } = aws;
  const AuthorizerId = await authorizer(aws, REQUEST);
  await aws.gateway.send(new UpdateAuthorizerCommand({ ApiId, AuthorizerId, Name: 'other' }));
  const { $metadata: _none, ...one } = await aws.gateway.send(
    new GetAuthorizerCommand({ ApiId, AuthorizerId }),
  );
  expect(one).toEqual({
    AuthorizerId,
    Name: 'other',
    AuthorizerType: 'REQUEST',
    IdentitySource: ['$request.header.Authorization'],
    ...REQUEST,
  });
  const listed = async () => (await aws.gateway.send(new GetAuthorizersCommand({ ApiId }))).Items;
  expect(await listed()).toEqual([one]);
  await aws.gateway.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }));
  expect(await listed()).toEqual([]);
  expect(await refusal(new GetAuthorizerCommand({ ApiId, AuthorizerId }))).toMatch(/^NotFoundException: /);
});

test('an authorizer that a route asks cannot be deleted; a route that asks nobody any more forgets it', async () => {
  const { ApiId } = aws;
  const AuthorizerId = await authorizer(aws, jwt());
  const AuthorizationScopes = ['orders'];
  await aws.routes(['GET /a'], {}, { AuthorizationType: 'JWT', AuthorizerId, AuthorizationScopes });
  expect(await refusal(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }))).toBe(
    "ConflictException: Cannot delete authorizer 'guard', is referenced in route: GET /a",
  );
  const route = async () => (await aws.gateway.send(new GetRoutesCommand({ ApiId }))).Items![0]!;
  const { RouteId } = await route();
  await aws.gateway.send(new UpdateRouteCommand({ ApiId, RouteId, OperationName: 'a' }));
  expect(await route()).toMatchObject({ AuthorizationType: 'JWT', AuthorizerId, AuthorizationScopes });
  await aws.gateway.send(new UpdateRouteCommand({ ApiId, RouteId, AuthorizationType: 'NONE' }));
  expect(await route()).not.toHaveProperty('AuthorizerId');
  expect(await route()).not.toHaveProperty('AuthorizationScopes');
  await aws.gateway.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId }));
});

test('what AWS refuses of routes is refused in its words', async () => {
  const { ApiId } = aws;
  const RouteKey = 'GET /b';
  const [tokens, asking] = [
    await authorizer(aws, jwt()),
    await authorizer(aws, { ...REQUEST, Name: 'asking' }),
  ];
  const route = (AuthorizationType: 'JWT' | 'CUSTOM', AuthorizerId?: string) =>
    refusal(new CreateRouteCommand({ ApiId, RouteKey, AuthorizationType, AuthorizerId }));
  const noToken =
    'BadRequestException: Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.';
  const noFunction =
    'BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.';
  expect([await route('JWT'), await route('JWT', asking)]).toEqual([noToken, noToken]);
  expect([await route('CUSTOM'), await route('CUSTOM', tokens)]).toEqual([noFunction, noFunction]);
  await aws.routes(['GET /a']);
  const [{ RouteId } = {}] = (await aws.gateway.send(new GetRoutesCommand({ ApiId }))).Items!;
  expect(await refusal(new UpdateRouteCommand({ ApiId, RouteId, AuthorizerId: tokens }))).toBe(
    'BadRequestException: Unable to update route. Authorizer type is invalid or null.',
  );
});

test('what AWS refuses of authorizers is refused in its words', async () => {
  await authorizer(aws, REQUEST);
  const refused = (input: Partial<CreateAuthorizerCommandInput>) => refusal(create(input));
  expect(await refused({ ...REQUEST, Name: 'guard' })).toBe(
    'BadRequestException: Authorizer name must be unique. Authorizer guard already exists in this RestApi.',
  );
  expect(await refused({ ...REQUEST, AuthorizerPayloadFormatVersion: undefined })).toBe(
    'BadRequestException: AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer',
  );
  expect(await refused({ ...REQUEST, IdentitySource: [], AuthorizerResultTtlInSeconds: 1 })).toBe(
    'BadRequestException: Identity source must be set if authorizer caching is enabled (TTL is greater than 0)',
  );
});

test.each([
  [
    'another identity source than a header or a parameter',
    { ...REQUEST, IdentitySource: ['$request.body.a'] },
  ],
  ['a time of more than an hour', { ...REQUEST, AuthorizerResultTtlInSeconds: 3601 }],
  [
    'simple answers in format 1.0',
    { ...REQUEST, AuthorizerPayloadFormatVersion: '1.0', EnableSimpleResponses: true },
  ],
  ['no function', { ...REQUEST, AuthorizerUri: undefined }],
  ['no audience', { AuthorizerType: 'JWT', JwtConfiguration: { Issuer: 'https://a.example' } }],
] as [string, Partial<CreateAuthorizerCommandInput>][])(
  'an authorizer with %s is refused',
  async (_what, input) => {
    expect(await refusal(create(input))).toMatch(/^BadRequestException: /);
  },
);

test.each([['http://example.com'], ['no address'], ['http://127.0.0.1:1']])(
  'an issuer %s without a discovery document is refused in the words of AWS',
  async (Issuer) => {
    expect(await refusal(create({ ...jwt(), JwtConfiguration: { Issuer, Audience: ['shop'] } }))).toBe(
      `BadRequestException: Caught exception when connecting to ${Issuer}/.well-known/openid-configuration for issuer ${Issuer}. Please try again later. Error: Invalid issuer: ${Issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
    );
  },
);

test('members of the other kind are refused by name', async () => {
  expect(await refusal(create({ ...jwt(), AuthorizerResultTtlInSeconds: 60 }))).toContain(
    'does not model AuthorizerResultTtlInSeconds of a JWT authorizer',
  );
  expect(await refusal(create({ ...REQUEST, IdentityValidationExpression: '.*' }))).toContain(
    'does not model IdentityValidationExpression of an authorizer of an HTTP API',
  );
});
