import { SQSClient } from '@aws-sdk/client-sqs';

export const handler = async (): Promise<string> => SQSClient.name;
