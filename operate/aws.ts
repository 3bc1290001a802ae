import { OperateError } from './errors.ts';

/**
 * Gives a client of the SDK: `aws(SQSClient)`. The endpoint and the credentials are whoever's made it: those of the
 * environment, or an embedded AWS in the same process.
 */
// oxlint-disable-next-line typescript/no-explicit-any -- every client has a configuration type of its own
export type Aws = <Client>(client: new (configuration: any) => Client) => Client;

/** Clients as the AWS CLI would make them: profile, region, credentials and `AWS_ENDPOINT_URL` come from the environment. */
export function awsOfEnvironment(environment: NodeJS.ProcessEnv = process.env): Aws {
  const endpoint = environment['AWS_ENDPOINT_URL'] || undefined;
  const region =
    environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || (endpoint ? LOCAL_REGION : undefined);
  if (endpoint !== undefined && !URL.canParse(endpoint))
    throw new OperateError('BAD_OPTION', `AWS_ENDPOINT_URL is not an address: ${endpoint}`);
  const made = new Map<unknown, unknown>();
  return <Client>(client: new (configuration: object) => Client) => {
    if (!made.has(client)) made.set(client, new client({ ...(region ? { region } : {}), ...PATIENCE }));
    return made.get(client) as Client;
  };
}

/** Three attempts to connect take less than five seconds, in milliseconds. The SDK's own default is to wait for ever. */
const PATIENCE = { maxAttempts: 3, requestHandler: { connectionTimeout: 1300 } };

/** What the CDK command line takes where nobody names a region, and so the embedded AWS too. */
const LOCAL_REGION = 'us-east-1';
