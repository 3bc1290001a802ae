/** HTTP APIs: what authorizers and the routes that ask them may be. */
import {
  ApiGatewayV2Client,
  CreateApiCommand,
  CreateAuthorizerCommand,
  CreateRouteCommand,
  DeleteApiCommand,
  DeleteAuthorizerCommand,
  type CreateAuthorizerCommandInput,
} from '@aws-sdk/client-apigatewayv2';
import { describe, expect, onTestFinished } from 'vitest';
import { client, fact, named, refusal } from './fact.ts';

const PROVIDER = 'https://github.com/hashicorp/terraform-provider-aws';

/** An API with nothing in it, and what is refused of it. */
async function anApi() {
  const gateway = client(ApiGatewayV2Client);
  const { ApiId } = await gateway.send(new CreateApiCommand({ Name: named('api'), ProtocolType: 'HTTP' }));
  onTestFinished(async () => void (await gateway.send(new DeleteApiCommand({ ApiId }))));
  const authorizer = (input: Partial<CreateAuthorizerCommandInput>) =>
    gateway.send(
      new CreateAuthorizerCommand({
        ApiId,
        Name: 'guard',
        AuthorizerType: 'REQUEST',
        AuthorizerUri:
          'arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:000000000000:function:guard/invocations',
        AuthorizerPayloadFormatVersion: '2.0',
        IdentitySource: ['$request.header.Authorization'],
        ...input,
      }),
    );
  return { gateway, ApiId, authorizer };
}

const wrong = (message: string) => ({ name: 'BadRequestException', message });

describe('an authorizer', () => {
  fact('that is a function needs a payload format', `${PROVIDER}/issues/15181`, async () => {
    const { authorizer } = await anApi();
    expect(await refusal(authorizer({ AuthorizerPayloadFormatVersion: undefined }))).toMatchObject(
      wrong('AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer'),
    );
  });

  fact('that is remembered needs an identity', `${PROVIDER}/pull/32629`, async () => {
    const { authorizer } = await anApi();
    const forAnHour = { IdentitySource: [], AuthorizerResultTtlInSeconds: 3600 };
    expect(await refusal(authorizer(forAnHour))).toMatchObject(
      wrong('Identity source must be set if authorizer caching is enabled (TTL is greater than 0)'),
    );
  });

  fact(
    'needs an issuer that tells where its keys are',
    'https://github.com/haandol/cognito-kakao-example/issues/1',
    async () => {
      const { authorizer } = await anApi();
      const Issuer = 'https://issuer.invalid';
      const tokens = authorizer({
        AuthorizerType: 'JWT',
        AuthorizerUri: undefined,
        AuthorizerPayloadFormatVersion: undefined,
        JwtConfiguration: { Issuer, Audience: ['shop'] },
      });
      const { name, message } = await refusal(tokens);
      expect(name).toBe('BadRequestException');
      expect(message).toContain(
        `Invalid issuer: ${Issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
      );
    },
  );

  fact('that a route asks cannot be deleted', 'https://github.com/anomalyco/sst/issues/5586', async () => {
    const { gateway, ApiId, authorizer } = await anApi();
    const { AuthorizerId } = await authorizer({});
    const AuthorizationType = 'CUSTOM';
    await gateway.send(
      new CreateRouteCommand({ ApiId, RouteKey: 'POST /pdf', AuthorizationType, AuthorizerId }),
    );
    expect(await refusal(gateway.send(new DeleteAuthorizerCommand({ ApiId, AuthorizerId })))).toMatchObject({
      name: 'ConflictException',
      message: "Cannot delete authorizer 'guard', is referenced in route: POST /pdf",
    });
  });
});

describe('a route', () => {
  fact(
    'that wants tokens needs an authorizer of tokens',
    'https://github.com/anomalyco/ion/issues/1104',
    async () => {
      const { gateway, ApiId } = await anApi();
      const AuthorizationType = 'JWT';
      expect(
        await refusal(gateway.send(new CreateRouteCommand({ ApiId, RouteKey: 'GET /', AuthorizationType }))),
      ).toMatchObject(
        wrong(
          'Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.',
        ),
      );
    },
  );
});
