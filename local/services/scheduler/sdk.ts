/**
 * The operations of the services that are here, as targets name them: by the AWS SDK's identifier of the service and the
 * operation in camel case. https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 */
import { modelOf, type Model, type OperationModel } from '../../wire/model.ts';
import type { Services, World } from '../../world.ts';

export interface Sdk {
  /** Whether the service is here at all. */
  has(service: string): boolean;
  /** Undefined for an operation that AWS has not either. */
  operation(service: string, action: string): Promise<OperationModel | undefined>;
  /** The code that a target's own API would have sent for an error of ours. */
  codeOf(service: string, code: string): Promise<string>;
}

type Load = () => Promise<object>;

const SERVICES: Record<string, [service: keyof Services, load: Load]> = {
  apigateway: ['apigateway', () => import('@aws-sdk/client-api-gateway')],
  apigatewayv2: ['apigatewayv2', () => import('@aws-sdk/client-apigatewayv2')],
  cloudformation: ['cloudformation', () => import('@aws-sdk/client-cloudformation')],
  cloudwatch: ['monitoring', () => import('@aws-sdk/client-cloudwatch')],
  cloudwatchlogs: ['logs', () => import('@aws-sdk/client-cloudwatch-logs')],
  dynamodb: ['dynamodb', () => import('@aws-sdk/client-dynamodb')],
  ecr: ['ecr', () => import('@aws-sdk/client-ecr')],
  eventbridge: ['events', () => import('@aws-sdk/client-eventbridge')],
  iam: ['iam', () => import('@aws-sdk/client-iam')],
  kms: ['kms', () => import('@aws-sdk/client-kms')],
  lambda: ['lambda', () => import('@aws-sdk/client-lambda')],
  pipes: ['pipes', () => import('@aws-sdk/client-pipes')],
  s3: ['s3', () => import('@aws-sdk/client-s3')],
  scheduler: ['scheduler', () => import('@aws-sdk/client-scheduler')],
  secretsmanager: ['secretsmanager', () => import('@aws-sdk/client-secrets-manager')],
  sns: ['sns', () => import('@aws-sdk/client-sns')],
  sqs: ['sqs', () => import('@aws-sdk/client-sqs')],
  ssm: ['ssm', () => import('@aws-sdk/client-ssm')],
  sts: ['sts', () => import('@aws-sdk/client-sts')],
};

export function sdkOf({ clock }: World): Sdk {
  const models = new Map<string, Model>();
  const modelFor = async (service: string): Promise<Model> => {
    const known = models.get(service);
    if (known) return known;
    const [name, load] = SERVICES[service]!;
    const model = modelOf(name, await clock.hold(load()));
    models.set(service, model);
    return model;
  };
  return {
    has: (service) => Object.hasOwn(SERVICES, service),
    async operation(service, action) {
      const isCamel = /^[a-z]/.test(action);
      const name = action.charAt(0).toUpperCase() + action.slice(1);
      return isCamel ? (await modelFor(service)).operations.get(name) : undefined;
    },
    codeOf: async (service, code) => (await modelFor(service)).errors.get(code)?.queryCode ?? code,
  };
}
