import {
  CreateConnectionCommand,
  DeleteApiDestinationCommand,
  DeleteConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  ListApiDestinationsCommand,
  ListConnectionsCommand,
  UpdateApiDestinationCommand,
  UpdateConnectionCommand,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, destine, KEY } from './endpoint.ts';
import { eventing } from './eventing.ts';

let aws: Awaited<ReturnType<typeof eventing>>;
beforeEach(async () => {
  aws = await eventing();
});
afterEach(() => aws.stop());

const InvocationEndpoint = 'https://example.com/orders';

test('a connection discloses no secrets', async () => {
  const arn = await connect(aws.events, {
    ...KEY,
    InvocationHttpParameters: {
      HeaderParameters: [
        { Key: 'a', Value: 'open', IsValueSecret: false },
        { Key: 'b', Value: 'hidden', IsValueSecret: true },
      ],
    },
  });
  expect(arn).toMatch(/^arn:aws:events:eu-west-1:000000000000:connection\/c\/[-\da-f]{36}$/);
  const { AuthParameters, SecretArn, ConnectionState } = await aws.events.send(
    new DescribeConnectionCommand({ Name: 'c' }),
  );
  expect(AuthParameters).toEqual({
    ApiKeyAuthParameters: { ApiKeyName: 'x-api-key' },
    InvocationHttpParameters: {
      HeaderParameters: [
        { Key: 'a', Value: 'open', IsValueSecret: false },
        { Key: 'b', IsValueSecret: true },
      ],
    },
  });
  expect(SecretArn).toMatch(/:secretsmanager:eu-west-1:000000000000:secret:events!connection\/c\//);
  expect(ConnectionState).toBe('AUTHORIZED');
});

test('destinations and connections are changed, listed and deleted', async () => {
  const ConnectionArn = await connect(aws.events);
  await destine(aws.events, { ConnectionArn, InvocationEndpoint });
  await aws.events.send(new UpdateApiDestinationCommand({ Name: 'd', HttpMethod: 'GET', Description: 'x' }));
  await aws.events.send(new UpdateConnectionCommand({ Name: 'c', Description: 'y' }));
  expect(await aws.events.send(new DescribeApiDestinationCommand({ Name: 'd' }))).toMatchObject({
    ApiDestinationState: 'ACTIVE',
    HttpMethod: 'GET',
    Description: 'x',
    InvocationEndpoint,
    InvocationRateLimitPerSecond: 300,
  });
  const { ApiDestinations } = await aws.events.send(new ListApiDestinationsCommand({ ConnectionArn }));
  expect(ApiDestinations).toMatchObject([{ Name: 'd', ConnectionArn }]);
  const { Connections } = await aws.events.send(new ListConnectionsCommand({ NamePrefix: 'c' }));
  expect(Connections).toMatchObject([{ Name: 'c', AuthorizationType: 'API_KEY' }]);
  await aws.events.send(new DeleteConnectionCommand({ Name: 'c' }));
  expect(await aws.events.send(new DescribeApiDestinationCommand({ Name: 'd' }))).toMatchObject({
    ApiDestinationState: 'INACTIVE',
  });
  await aws.events.send(new DeleteApiDestinationCommand({ Name: 'd' }));
  await expect(aws.events.send(new DescribeApiDestinationCommand({ Name: 'd' }))).rejects.toMatchObject({
    message: "Failed to describe the api-destination(s). An api-destination 'd' does not exist.",
  });
});

test('what is wrong or not modelled is refused', async () => {
  const create = (input: object) =>
    aws.events.send(
      new CreateConnectionCommand({
        Name: 'c',
        AuthorizationType: 'API_KEY',
        AuthParameters: KEY,
        ...input,
      }),
    );
  await expect(create({ AuthorizationType: 'BASIC' })).rejects.toMatchObject({
    name: 'ValidationException',
  });
  await expect(create({ KmsKeyIdentifier: 'k' })).rejects.toMatchObject({ name: 'NotImplemented' });
  const ConnectionArn = await connect(aws.events);
  await expect(create({})).rejects.toMatchObject({ message: 'Connection c already exists.' });
  await expect(
    destine(aws.events, { ConnectionArn: `${ConnectionArn}0`, InvocationEndpoint }),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(
    destine(aws.events, { ConnectionArn, InvocationEndpoint: 'http://example.com/' }),
  ).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('InvocationEndpoint'),
  });
});
