import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { expect, test } from 'vitest';
import { referredId } from '../../infra/checks/template.ts';
import type { Discovered } from '../../operate/discovery.ts';
import { watched } from '../../operate/status/alarms.ts';
import { PlaceOrder } from '../infra/shopfront/contracts.ts';
import { shopfront, synthesized } from '../infra/shopfront/index.ts';

const { stack, pipeline } = shopfront();
const api = pipeline.api('checkout', { accepts: [PlaceOrder] });
api.get('/orders/{orderId}', { of: [pipeline.consumers[0]!], handler: 'functions/audit/handler.ts' });
const { resources, filledIn } = synthesized(stack);

/** What the pipeline says of itself, what CloudFormation fills in being `<logical id>`. */
const discovered = { commands: {}, consumers: {}, apis: {} } as unknown as Discovered;
for (const { Type, Properties } of Object.values(resources)) {
  if (Type !== 'AWS::SSM::Parameter') continue;
  const [kind, name] = (Properties.Name as string).replace('/spillway/shop/dev/', '').split('/');
  const said = filledIn(Properties.Value) as object;
  if (kind === 'pipeline') Object.assign(discovered, said);
  if (kind === 'consumers') Object.assign(discovered.consumers, { [name!]: said });
  if (kind === 'api') Object.assign(discovered.apis, { [name!]: said });
}

const alarms = Object.entries(resources)
  .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm')
  .map(([id, { Properties }]): [string, MetricAlarm] => [
    id,
    {
      Dimensions: Properties.Dimensions.map(({ Name, Value }: { Name: string; Value: unknown }) => ({
        Name,
        Value: typeof Value === 'string' ? Value : `<${referredId(Value)}>`,
      })),
    },
  ]);

test('every alarm of a pipeline is known as one of its own', () => {
  expect(alarms.length).toBeGreaterThan(30);
  expect(alarms.filter(([, alarm]) => !watched(discovered)(alarm)).map(([id]) => id)).toEqual([]);
});

test('an alarm on something else is not', () => {
  expect(watched(discovered)({ Dimensions: [{ Name: 'FunctionName', Value: 'of somebody else' }] })).toBe(
    false,
  );
});
