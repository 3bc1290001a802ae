import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { asyncApiOf } from '../../docs/generator/asyncapi.ts';
import { exampleOf } from '../../docs/generator/example.ts';
import { topologyOfTheShop } from '../../docs/generator/topology.ts';

const require = createRequire(import.meta.url);
const specification = require('@asyncapi/specs/schemas/3.0.0-without-$id.json') as object;
const conforms = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(specification);

const topology = topologyOfTheShop();
const document = asyncApiOf(topology) as { operations: Record<string, { 'x-filter'?: unknown }> };

test('the document of the shop conforms to AsyncAPI 3', () => {
  conforms(document);
  expect(conforms.errors).toBeNull();
  conforms({ ...document, channels: { 'order.placed': { address: 1 } } });
  expect(conforms.errors).not.toBeNull();
});

test('every reference in it leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!);
  const dangling = references.filter(
    (path) =>
      path.split('/').reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document) ===
      undefined,
  );
  expect(references.length).toBeGreaterThan(50);
  expect(dangling).toEqual([]);
});

test('it says who receives what, through which filter', () => {
  expect(document.operations['notifications.receives.order.placed.2']).toMatchObject({
    action: 'receive',
    'x-filter': [{ data: { total: [{ numeric: ['>=', 5_000_000] }] } }],
  });
  expect(document.operations['payments.receives.order.placed.2']).not.toHaveProperty('x-filter');
  expect(document.operations['payments.says.ledger.post.1']).toMatchObject({ action: 'send' });
});

test.each(topology.contracts.map((contract) => [contract.type, contract] as const))(
  'the example of %s is one that its readers take',
  (_, contract) => {
    const { data } = exampleOf(contract);
    expect(contract.read(contract.version, data)).toEqual(data);
  },
);
