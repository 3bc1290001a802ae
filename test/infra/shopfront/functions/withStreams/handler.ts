import { LambdaClient } from '@aws-sdk/client-lambda';

export const handler = (): string =>
  typeof new LambdaClient({ region: 'us-east-1' }).config.eventStreamMarshaller;
