import { App } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { catalogue } from '../../functions/contracts/index.ts';
import { commandsOf, eventsOf, typesOf } from '../../infra/pipeline/contracts.ts';
import type { Pipeline } from '../../infra/pipeline/index.ts';
import { Shop } from '../../infra/shop.ts';
import type { Consumer as Handler } from '../../functions/runtime/consume.ts';
import { context, synthesized } from './shopfront/index.ts';

const shop = new Shop(new App({ context }), 'shop-dev', { stage: 'dev' });
const { template } = synthesized(shop);
const { consumers, heardElsewhere } = shop.node.findChild('Shop') as Pipeline;

it.each(consumers.map(({ name, props }) => [name, props.on] as const))(
  'what is routed to %s is what its handler reads',
  async (name, on) => {
    const { handler } = (await import(`../../functions/${name}/handler.ts`)) as { handler: Handler };
    const read = (routes: typeof on) =>
      routes.map(({ contract, pattern }) => ({ type: contract.type, pattern }));
    expect(read(on)).toEqual(read(handler.definition.on));
  },
);

it('everything in the catalogue is said or taken by somebody', () => {
  const known = new Set([
    ...consumers.flatMap(({ props }) => [...typesOf(props.on), ...typesOf(props.publishes ?? [])]),
    ...typesOf(heardElsewhere),
  ]);
  expect(catalogue.map(({ type }) => type).filter((type) => !known.has(type))).toEqual([]);
});

it('every command has one queue, every consumer of events one rule', () => {
  const withCommands = consumers.filter(({ props }) => commandsOf(props.on).length > 0);
  const withEvents = consumers.filter(({ props }) => eventsOf(props.on).length > 0);
  expect(withCommands.map(({ name }) => name)).toEqual(['checkout', 'ledger']);
  // Beside those of the consumers: the rule of last resort, and the relay's schedule.
  template.resourceCountIs('AWS::Events::Rule', withEvents.length + 2);
});

it('the dashboard has a row for the relay and one for each consumer', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard);
  for (const { name } of [{ name: 'relay' }, ...consumers]) expect(body).toContain(`## ${name}`);
});
