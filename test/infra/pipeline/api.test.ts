import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { command, external } from '../../../functions/runtime/contract.ts';
import type { ApiProps } from '../../../infra/pipeline/index.ts';
import { PaymentCaptured, PlaceOrder, RefundPayment } from '../shopfront/contracts.ts';
import { shopfront, synthesized, type Resource } from '../shopfront/index.ts';

const { stack, pipeline } = shopfront({ alarms: { email: 'oncall@example.com' } });
const [checkout, , audit] = pipeline.consumers;
const api = pipeline.api('checkout', { accepts: [PlaceOrder, RefundPayment] });
api.get('/orders/{orderId}', { of: [checkout!], handler: 'functions/audit/handler.ts' });
pipeline.api('partners', {
  accepts: [PlaceOrder],
  clients: { acme: { rate: 5, burst: 10 }, globex: { rate: 1, burst: 2 } },
  tenant: 'orderId',
  webhooks: { bank: { accepts: PaymentCaptured, secret: '/shop/bank' } },
  throttle: { rate: 50, burst: 60 },
  handler: 'functions/audit/handler.ts',
});
const { resources, at, idOf, allowedTo, filledIn, template } = synthesized(stack);
const ref = (path: string) => ({ Ref: idOf(path) });
const ofType = (type: string): Resource[] => Object.values(resources).filter(({ Type }) => Type === type);
const methods = (path: string) =>
  ofType('AWS::ApiGateway::Method')
    .map(({ Properties }) => Properties)
    .filter(({ RestApiId }) => RestApiId.Ref === idOf(path));
const [GATEWAY, PARTNERS] = ['Shop/CheckoutApi/Gateway', 'Shop/PartnersApi/Gateway'];

describe('who may call', () => {
  it('is up to IAM, for every path and method', () => {
    expect(methods(GATEWAY).length).toBeGreaterThan(5);
    for (const method of methods(GATEWAY))
      expect(method).toMatchObject({ AuthorizationType: 'AWS_IAM', Integration: { Type: 'AWS_PROXY' } });
  });

  it('or named clients, each with a key and a throttle of its own; a webhook is signed instead', () => {
    const open = methods(PARTNERS).filter(({ ApiKeyRequired }) => !ApiKeyRequired);
    expect(open).toMatchObject([
      { HttpMethod: 'POST', AuthorizationType: 'NONE', ResourceId: ref(`${PARTNERS}/Default/webhooks/bank`) },
    ]);
    expect(at(`${PARTNERS}/AcmePlan`).Properties).toMatchObject({
      Throttle: { RateLimit: 5, BurstLimit: 10 },
      ApiStages: [{ ApiId: ref(PARTNERS), Stage: ref(`${PARTNERS}/DeploymentStage.dev`) }],
    });
    expect(ofType('AWS::ApiGateway::UsagePlanKey').map(({ Properties }) => Properties)).toMatchObject([
      { KeyId: ref('Shop/PartnersApi/AcmeKey'), UsagePlanId: ref(`${PARTNERS}/AcmePlan`) },
      { KeyId: ref('Shop/PartnersApi/GlobexKey'), UsagePlanId: ref(`${PARTNERS}/GlobexPlan`) },
    ]);
    for (const { Properties } of ofType('AWS::ApiGateway::ApiKey'))
      expect(Properties).not.toHaveProperty('Value');
  });

  it('is throttled all together too', () => {
    const settings = (path: string) => at(`${path}/DeploymentStage.dev`).Properties.MethodSettings;
    expect(settings(GATEWAY)).toMatchObject([{ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 }]);
    expect(settings(PARTNERS)).toMatchObject([{ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 60 }]);
  });
});

describe('the model of a command', () => {
  it('is the shape of the contract, and leaves it to the function to say what is wrong with a body', () => {
    const place = methods(GATEWAY).filter(({ HttpMethod }) => HttpMethod === 'POST')[0];
    expect(place).toMatchObject({ RequestModels: { 'application/json': ref(`${GATEWAY}/OrderPlace`) } });
    expect(place).not.toHaveProperty('RequestValidatorId');
    expect(at(`${GATEWAY}/OrderPlace`).Properties.Schema).toEqual({
      $schema: 'http://json-schema.org/draft-04/schema#',
      title: 'order.place',
      type: 'object',
      required: ['orderId', 'total'],
      properties: { orderId: { type: 'string' }, total: { type: 'number' } },
    });
  });
});

describe('what API Gateway answers itself', () => {
  const responses = ofType('AWS::ApiGateway::GatewayResponse')
    .map(({ Properties }) => Properties)
    .filter(({ RestApiId }) => RestApiId.Ref === idOf(GATEWAY));

  it('is problem+json without exception, with a code, a hint and the id of the request', () => {
    expect(responses.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining(['DEFAULT_4XX', 'DEFAULT_5XX', 'THROTTLED', 'ACCESS_DENIED']),
    );
    for (const { ResponseParameters, ResponseTemplates, ResponseType, StatusCode } of responses) {
      expect(ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
      const text: string = ResponseTemplates['application/json'];
      const body = JSON.parse(
        text
          .replaceAll('$context.error.messageString', '"said"')
          .replaceAll('$context.error.responseType', ResponseType)
          .replaceAll('$context.requestId', 'r'),
      );
      expect(body).toMatchObject({
        type: `urn:spillway:problem:${ResponseType}`,
        code: ResponseType,
        detail: expect.any(String),
        hint: expect.any(String),
        requestId: 'r',
      });
      expect(body.status).toBe(StatusCode === undefined ? undefined : Number(StatusCode));
    }
  });

  it('B40: says when to come again', () => {
    const after = Object.fromEntries(
      responses.map(({ ResponseType, ResponseParameters }) => [
        ResponseType,
        ResponseParameters['gatewayresponse.header.Retry-After'],
      ]),
    );
    expect(after).toMatchObject({ THROTTLED: "'1'", INTEGRATION_FAILURE: "'5'", INTEGRATION_TIMEOUT: "'5'" });
    expect(after).toMatchObject({ ACCESS_DENIED: undefined });
  });
});

it('B39: every path leads to a function, which says 404 or 405', () => {
  const known = methods(GATEWAY).map(({ HttpMethod, ResourceId }) => [
    HttpMethod,
    ResourceId.Ref === undefined ? '/' : resources[ResourceId.Ref]!.Properties.PathPart,
  ]);
  expect(known.map((one) => one.join(' ')).toSorted(byText)).toEqual([
    'ANY /',
    'ANY order.place',
    'ANY payment.refund',
    'ANY {orderId}',
    'ANY {proxy+}',
    'GET {orderId}',
    'POST order.place',
    'POST payment.refund',
  ]);
});

it('F05, F06: it may write its own table and read its secret, and nothing else; the relay sends what it accepted', () => {
  expect(allowedTo('Shop/CheckoutApi/Function')).toEqual({
    [idOf('Shop/CheckoutApi/Table')]: ['dynamodb:PutItem'],
    [idOf('Shop/CheckoutApi/FunctionLogs')]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  });
  const secret = Object.entries(allowedTo('Shop/PartnersApi/Function')).find(([resource]) =>
    resource.includes('parameter/shop/bank'),
  );
  expect(secret?.[1]).toEqual(['ssm:GetParameter']);
  const relayed = filledIn(at('Shop/Relay/Function').Properties.Environment.Variables.SPILLWAY_TABLES);
  expect(relayed).toMatchObject({ 'checkout-api': `<${idOf('Shop/CheckoutApi/Table')}>` });
});

it('a view may read the aggregates of its tables, and nothing else', () => {
  const path = 'Shop/CheckoutApi/OrdersOrderId/Function';
  expect(allowedTo(path)).toEqual({
    [idOf('Shop/Checkout/Table')]: ['dynamodb:GetItem'],
    [idOf('Shop/CheckoutApi/OrdersOrderId/FunctionLogs')]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  });
  expect(filledIn(at(path).Properties.Environment.Variables.SPILLWAY_TABLES)).toEqual({
    checkout: `<${idOf('Shop/Checkout/Table')}>`,
  });
});

it('the settings of the function say who and what', () => {
  const { Variables } = at('Shop/PartnersApi/Function').Properties.Environment;
  expect(Variables).toMatchObject({ SPILLWAY_API: 'partners', SPILLWAY_TENANT: 'orderId' });
  expect(filledIn(Variables.SPILLWAY_CLIENTS)).toEqual({
    [`<${idOf('Shop/PartnersApi/AcmeKey')}>`]: 'acme',
    [`<${idOf('Shop/PartnersApi/GlobexKey')}>`]: 'globex',
  });
  expect(JSON.parse(Variables.SPILLWAY_WEBHOOKS)).toEqual({
    bank: { type: 'payment.captured', secret: '/shop/bank' },
  });
});

it('I12: the access log has a line for each request, without people and without what they say', () => {
  const { Format, DestinationArn } = at(`${GATEWAY}/DeploymentStage.dev`).Properties.AccessLogSetting;
  expect(Object.keys(JSON.parse(Format))).toEqual(
    expect.arrayContaining(['requestId', 'status', 'refusedAs']),
  );
  expect(Format).not.toMatch(/sourceIp|userAgent|userArn|caller|path"|querystring|validationErrorString/);
  expect(JSON.stringify(DestinationArn)).toContain(idOf('Shop/CheckoutApi/GatewayAccessLog'));
  expect(at(`${GATEWAY}/DeploymentStage.dev`).Properties.MethodSettings).not.toMatchObject([
    { DataTraceEnabled: true },
  ]);
});

it('a failure of ours raises an alarm', () => {
  expect(at('Shop/CheckoutApi/ServerErrorsAlarm').Properties).toMatchObject({
    Namespace: 'AWS/ApiGateway',
    MetricName: '5XXError',
    Dimensions: [
      { Name: 'ApiName', Value: 'shop-dev-checkout' },
      { Name: 'Stage', Value: 'dev' },
    ],
  });
});

it('has a row on the dashboard', () => {
  const [dashboard] = ofType('AWS::CloudWatch::Dashboard');
  const text = JSON.stringify(dashboard!.Properties.DashboardBody).replaceAll('\\', '');
  expect(text).toContain('## checkout API');
  for (const name of ['Count', '4XXError', '5XXError', 'Latency'])
    expect(text).toContain(`AWS/ApiGateway","${name}"`);
});

it('is found by its URL in an output and in Parameter Store', () => {
  expect(Object.keys(template.findOutputs('*'))).toEqual(
    expect.arrayContaining(['ShopCheckoutApiUrl', 'ShopPartnersApiUrl']),
  );
  const found = ofType('AWS::SSM::Parameter').find(
    ({ Properties }) => Properties.Name === '/spillway/shop/dev/api/partners',
  );
  expect(filledIn(found!.Properties.Value)).toMatchObject({
    restApiId: `<${idOf(PARTNERS)}>`,
    accepts: ['order.place', 'payment.captured'],
    clients: { acme: `<${idOf('Shop/PartnersApi/AcmeKey')}>` },
  });
});

it('vanishes whole, but in production its table and log stay', () => {
  const kept = shopfront({ stage: 'production', alarms: { email: 'oncall@example.com' } });
  kept.pipeline.api('checkout', { accepts: [PlaceOrder] });
  const production = synthesized(kept.stack);
  for (const path of ['Table', 'GatewayAccessLog', 'FunctionLogs', 'Gateway/CloudWatchRole']) {
    expect(at(`Shop/CheckoutApi/${path}`).DeletionPolicy).toBe('Delete');
    expect(production.at(`Shop/CheckoutApi/${path}`).DeletionPolicy).toBe('Retain');
  }
});

describe('is refused at synth', () => {
  const declaring = (name: string, props: ApiProps) => () => shopfront().pipeline.api(name, props);

  it('when clients would say events, webhooks what is no message of ours, or there is no client to hold a tenant against', () => {
    expect(declaring('checkout', { accepts: [PaymentCaptured] })).toThrow(
      'checkout cannot accept payment.captured from clients: events are said by the service',
    );
    const accepts = external('bank', { id: z.string() }, { type: 'paid', id: ({ id }) => id });
    expect(declaring('checkout', { webhooks: { bank: { accepts, secret: '/s' } } })).toThrow(
      'checkout cannot accept paid by a webhook',
    );
    expect(declaring('checkout', { accepts: [PlaceOrder], tenant: 'orderId' })).toThrow('no `clients`');
  });

  it('but not a second view below the first', () => {
    const { pipeline } = shopfront();
    const views = pipeline.api('checkout', { accepts: [PlaceOrder] });
    const view = { of: [pipeline.consumers[0]!], handler: 'functions/audit/handler.ts' };
    views.get('/orders/{orderId}', view);
    expect(() => views.get('/orders/{orderId}/payments', view)).not.toThrow();
  });

  it('when there is no handler, or a view of what keeps no state', () => {
    expect(declaring('payments', { accepts: [PlaceOrder] })).toThrow(
      'functions/payments/api.ts does not exist',
    );
    expect(() => api.get('/audits/{id}', { of: [audit!] })).toThrow(
      'cannot show audit, which keeps no state',
    );
  });

  it('F11: when nobody listens to what it takes', () => {
    const Lost = command('order.lose', { orderBy: 'id', data: { id: z.string() } });
    const { pipeline } = shopfront();
    pipeline.api('checkout', { accepts: [Lost] });
    expect(pipeline.declared().consumers).toContainEqual(
      expect.objectContaining({ name: 'checkout API', sends: ['order.lose'], publishes: [], on: [] }),
    );
  });
});

const byText = (a: string, b: string): number => (a < b ? -1 : 1);
