import { CreateAuthorizerCommand, type CreateAuthorizerCommandInput } from '@aws-sdk/client-api-gateway';
import { AddPermissionCommand } from '@aws-sdk/client-lambda';
import { FUNCTION, invocationUri, type Api } from './api.ts';

/** Says what the request wants it to say: the token itself, or a header. */
export const OBEDIENT = `
  let calls = 0;
  exports.handler = async (event) => {
    const said = event.authorizationToken ?? event.headers['X-Verdict'];
    if (said === 'throw nothing') await new Promise(() => {});
    if (said.startsWith('throw ')) throw new Error(said.slice(6));
    const verdict = JSON.parse(said);
    return typeof verdict === 'object' ? { context: { calls: ++calls, ...verdict.event && { event: JSON.stringify(event) } }, ...verdict } : verdict;
  };`;

/** An authorizer that asks the function `guard`. Answers its id. */
export async function authorizer(
  { gateway, restApiId }: Pick<Api, 'gateway' | 'restApiId'>,
  settings: Partial<CreateAuthorizerCommandInput>,
): Promise<string> {
  const { id } = await gateway.send(
    new CreateAuthorizerCommand({
      restApiId,
      name: 'guard',
      type: 'TOKEN',
      authorizerUri: invocationUri(FUNCTION.replace(/f$/, 'guard')),
      identitySource: 'method.request.header.Authorization',
      ...settings,
    }),
  );
  return id!;
}

/** Lets the API ask `guard`. @param within its authorizers */
export const allowGateway = ({ lambda, restApiId }: Api, within: string) =>
  lambda.send(
    new AddPermissionCommand({
      FunctionName: 'guard',
      StatementId: 'gateway',
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: `arn:aws:execute-api:eu-west-1:000000000000:${restApiId}/authorizers/${within}`,
    }),
  );
