import { type CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { gateway, type Throttle } from './api-gateway.ts';
import { requestModelOf } from './api-model.ts';
import { raiseFunctionAlarms } from './consumer-alarms.ts';
import type { Consumer } from './consumer.ts';
import { typesOf, type Contract } from './contracts.ts';
import { handlerFunction, handlerPath } from './function.ts';
import { allow } from './grants.ts';
import { metric } from './metrics.ts';
import { pascal } from './names.ts';
import type { Pipeline } from './pipeline.ts';
import { consumerTable } from './table.ts';

export interface ApiProps {
  /** Commands that clients may give: `POST /commands/<type>`. @default none */
  readonly accepts?: readonly Contract[];
  /** What others tell, each at `POST /webhooks/<name>`, signed by Standard Webhooks. @default none */
  readonly webhooks?: Readonly<Record<string, Webhook>>;
  /** Clients by name, each with an API key and a throttle of its own. @default whoever IAM lets, by signed requests */
  readonly clients?: Readonly<Record<string, Throttle>>;
  /** The field of the data that must be the name of the client. It needs `clients`. @default none */
  readonly tenant?: string;
  /** For all clients together. @default 100 requests a second, 200 at once */
  readonly throttle?: Throttle;
  /** The module that exports `handler`, from the root. @default `functions/<name>/api.ts` */
  readonly handler?: string;
}

export interface Webhook {
  /** A command or an event whose data is the body. */
  readonly accepts: Contract;
  /** Name of the SecureString parameter with one or several secrets `whsec_…`, space between them. */
  readonly secret: string;
}

export interface ViewProps {
  /** The consumers whose tables are read. */
  readonly of: readonly Consumer[];
  /** The module that exports `handler`, from the root. @default `functions/<first part of the path>/handler.ts` */
  readonly handler?: string;
}

/**
 * The way in from outside: commands of clients and webhooks are accepted durably, and the relay sends them. Made by
 * `pipeline.api(…)`; its parts are ordinary CDK objects.
 */
export class Api extends Construct {
  readonly name: string;
  readonly props: ApiProps;
  readonly restApi: apigateway.RestApi;
  /** Accepts. */
  readonly function: lambda.Function;
  /** Marks of what was accepted, and its outbox. */
  readonly table: dynamodb.Table;
  /** By client. */
  readonly keys: Readonly<Record<string, apigateway.ApiKey>>;
  /** The functions that show something, each made by `get`. */
  readonly views: lambda.Function[] = [];
  readonly #pipeline: Pipeline;
  readonly #methods: apigateway.MethodOptions;
  readonly #accepting: apigateway.LambdaIntegration;

  constructor(pipeline: Pipeline, name: string, props: ApiProps) {
    super(pipeline, `${pascal(name)}Api`);
    const { stage, alarms, relay } = pipeline;
    const { clients, throttle = { rate: 100, burst: 200 } } = props;
    refuse(name, props);
    this.name = name;
    this.props = props;
    this.#pipeline = pipeline;
    this.keys = this.withKeys(clients);
    this.table = consumerTable(this, 'Table', stage, { marksExpire: false });
    this.function = this.ingest();
    relay.follow(`${name}-api`, this.table);
    this.restApi = gateway(this, 'Gateway', {
      name: `${pipeline.name}-${stage.name}-${name}`,
      description: `${name}: takes ${typesOf(saidBy(props)).join(', ')}`,
      stage,
      throttle,
    });
    this.#methods = clients
      ? { authorizationType: apigateway.AuthorizationType.NONE, apiKeyRequired: true }
      : { authorizationType: apigateway.AuthorizationType.IAM };
    this.#accepting = integrated(this.function);
    this.accept();
    this.throttleEach(clients);
    raiseFunctionAlarms(alarms, this, `${name} API`, this.function);
    alarms.raise(this, 'ServerErrorsAlarm', {
      metric: metric('apiServerErrors', { ApiName: this.restApi.restApiName, Stage: stage.name }),
      runbook: `${name} API: a request was not accepted for a reason that is ours. The access log has its request id and the log group ${this.function.logGroup.logGroupName} the code; clients come again with the same key.`,
    });
    const url = this.restApi.node.findChild('Endpoint') as CfnOutput;
    url.overrideLogicalId(`${pipeline.node.id}${this.node.id}Url`);
    url.description = `${name}: POST commands/<type>`;
  }

  /** Shows at `path` what consumers know of one thing: `api.get('/orders/{orderId}', { of: [checkout, shipping] })`. */
  get(path: string, { of, handler }: ViewProps): lambda.Function {
    const [, name = ''] = path.split('/');
    const { stage, root, alarms } = this.#pipeline;
    const scope = new Construct(this, pascal(path));
    const tables = of.map(({ name, table }) => {
      if (!table) throw new Error(`${path} cannot show ${name}, which keeps no state.`);
      return [name, table] as const;
    });
    const fn = handlerFunction(scope, 'Function', {
      stage,
      description: `${path}: shows what ${of.map(({ name }) => name).join(' and ')} know`,
      entry: handlerPath(root, name, handler),
      timeout: TIMEOUT,
      memory: 512,
      environment: {
        SPILLWAY_TABLES: JSON.stringify(
          Object.fromEntries(tables.map(([name, table]) => [name, table.tableName])),
        ),
      },
    });
    allow(
      fn,
      ['dynamodb:GetItem'],
      tables.map(([, table]) => table.tableArn),
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['a#*'] } },
    );
    this.views.push(fn);
    raiseFunctionAlarms(alarms, scope, `${this.name} API, ${path}`, fn);
    const integration = integrated(fn);
    const resource = this.at(path);
    this.method(resource, 'GET', integration);
    this.method(resource, 'ANY', integration);
    return fn;
  }

  private ingest(): lambda.Function {
    const { stage, root } = this.#pipeline;
    const { webhooks = {}, tenant } = this.props;
    const fn = handlerFunction(this, 'Function', {
      stage,
      description: `${this.name}: accepts ${typesOf(saidBy(this.props)).join(', ')}`,
      entry: handlerPath(root, this.name, this.props.handler ?? `functions/${this.name}/api.ts`),
      timeout: TIMEOUT,
      memory: 512,
      environment: {
        SPILLWAY_API: this.name,
        SPILLWAY_TABLE: this.table.tableName,
        SPILLWAY_CLIENTS: JSON.stringify(
          Object.fromEntries(Object.entries(this.keys).map(([client, { keyId }]) => [keyId, client])),
        ),
        SPILLWAY_WEBHOOKS: JSON.stringify(
          Object.fromEntries(
            Object.entries(webhooks).map(([name, { accepts, secret }]) => [
              name,
              { type: accepts.type, secret },
            ]),
          ),
        ),
        ...(tenant !== undefined && { SPILLWAY_TENANT: tenant }),
      },
    });
    allow(fn, ['dynamodb:PutItem'], this.table.tableArn);
    const secrets = Object.values(webhooks).map(({ secret }) => parameterArn(this, secret));
    if (secrets.length > 0) allow(fn, ['ssm:GetParameter'], [...new Set(secrets)]);
    return fn;
  }

  /** Every command and webhook has its path; what asks for anything else is told so by the function. */
  private accept(): void {
    const { accepts = [], webhooks = {} } = this.props;
    this.method(this.restApi.root, 'ANY', this.#accepting);
    this.method(this.at('/{proxy+}'), 'ANY', this.#accepting);
    for (const contract of accepts) {
      const resource = this.at(`/commands/${contract.type}`);
      const model = this.restApi.addModel(pascal(contract.type), {
        modelName: pascal(contract.type),
        description: `The shape of ${contract.type}, version ${contract.version}`,
        schema: requestModelOf(contract),
      });
      this.method(resource, 'POST', this.#accepting, { requestModels: { 'application/json': model } });
      this.method(resource, 'ANY', this.#accepting);
    }
    for (const name of Object.keys(webhooks)) {
      const resource = this.at(`/webhooks/${name}`);
      const signed = { authorizationType: apigateway.AuthorizationType.NONE, apiKeyRequired: false };
      const method = this.method(resource, 'POST', this.#accepting, signed);
      explain(method, ['APIG4', 'COG4'], 'The function verifies the signature of every webhook.');
    }
  }

  private at(path: string): apigateway.IResource {
    return this.restApi.root.resourceForPath(path);
  }

  private method(
    resource: apigateway.IResource,
    httpMethod: string,
    integration: apigateway.Integration,
    options: apigateway.MethodOptions = {},
  ): apigateway.Method {
    const method = resource.addMethod(httpMethod, integration, { ...this.#methods, ...options });
    if (this.#methods.apiKeyRequired) explain(method, ['APIG4', 'COG4'], 'It needs the API key of a client.');
    else
      explain(method, ['COG4'], 'Callers are programs with roles, which IAM authorizes; no people sign in.');
    return method;
  }

  private withKeys(clients: ApiProps['clients'] = {}): Record<string, apigateway.ApiKey> {
    return Object.fromEntries(
      Object.keys(clients).map((client) => [
        client,
        new apigateway.ApiKey(this, `${pascal(client)}Key`, { description: `${client}: ${this.node.path}` }),
      ]),
    );
  }

  private throttleEach(clients: ApiProps['clients'] = {}): void {
    for (const [client, { rate, burst }] of Object.entries(clients)) {
      const plan = this.restApi.addUsagePlan(`${pascal(client)}Plan`, {
        description: `${client}: ${rate} requests a second, ${burst} at once`,
        throttle: { rateLimit: rate, burstLimit: burst },
        apiStages: [{ stage: this.restApi.deploymentStage }],
      });
      plan.addApiKey(this.keys[client]!);
    }
  }
}

/** What comes in by it. */
export const saidBy = ({ accepts = [], webhooks = {} }: ApiProps): Contract[] => [
  ...accepts,
  ...Object.values(webhooks).map(({ accepts }) => accepts),
];

/** API Gateway waits for 29 seconds. */
const TIMEOUT = Duration.seconds(15);

/** One permission for the API, rather than two for each of its methods. */
const integrated = (fn: lambda.Function) =>
  new apigateway.LambdaIntegration(fn, { scopePermissionToMethod: false });

const parameterArn = (scope: Construct, name: string): string =>
  Stack.of(scope).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name.replace(/^\//, '') });

const explain = (method: apigateway.Method, rules: string[], reason: string): void =>
  Validations.of(method).acknowledge(
    ...rules.map((rule) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason })),
  );

function refuse(name: string, { accepts = [], webhooks = {}, clients, tenant }: ApiProps): void {
  const event = accepts.find(({ kind }) => kind !== 'command');
  if (event)
    throw new Error(
      `${name} cannot accept ${event.type} from clients: events are said by the service that they belong to. Accept a command instead.`,
    );
  const foreign = Object.values(webhooks).find(({ accepts }) => accepts.kind === 'external');
  if (foreign)
    throw new Error(
      `${name} cannot accept ${foreign.accepts.type} by a webhook: it is no event of this pipeline. Declare an event.`,
    );
  if (tenant !== undefined && !clients)
    throw new Error(`${name} cannot hold ${tenant} against a client: it has no \`clients\`.`);
}
