import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { Contract } from '../../functions/runtime/contract.ts';
import type { JsonSchema } from '../../functions/runtime/contract/schema.ts';
import { descriptionOf } from './description.ts';
import { exampleOf } from './example.ts';
import { GENERATED, type Page } from './page.ts';
import { filtersOf } from './filters.ts';
import type { Topology } from './topology.ts';

/**
 * docs/asyncapi.yaml: the pipeline as an AsyncAPI 3 document. A channel is a type, an operation what one consumer does
 * with it. https://www.asyncapi.com/docs/reference/specification/v3.0.0
 */
export const asyncApiPage = (topology: Topology): Page => ({
  path: 'asyncapi.yaml',
  text: `# ${GENERATED}\n${stringify(asyncApiOf(topology), { aliasDuplicateObjects: false, lineWidth: 0 })}`,
});

export function asyncApiOf(topology: Topology): object {
  const { version, license } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string; license: string };
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'The shop',
      version,
      description: 'What is said in the shop, by whom and to whom.',
      license: { name: license },
      tags: topology.parties.map(({ name }) => ({ name })),
    },
    defaultContentType: 'application/cloudevents+json',
    servers: SERVERS,
    channels: Object.fromEntries(topology.contracts.map((one) => [one.type, channelOf(one, topology)])),
    operations: Object.fromEntries(operationsOf(topology)),
    components: {
      schemas: {
        CloudEvent: ENVELOPE,
        ...Object.fromEntries(topology.contracts.map((one) => [keyOf(one), dataOf(one)])),
      },
      messages: Object.fromEntries(topology.contracts.map((one) => [keyOf(one), messageOf(one)])),
    },
  };
}

const SERVERS = {
  bus: {
    host: 'events.{region}.amazonaws.com',
    protocol: 'eventbridge',
    description:
      'Events. The name of the bus is in the SSM parameter /spillway/shop/<stage>/pipeline; the message is the `detail` of the event, the channel its `detail-type`.',
    variables: { region: { description: 'AWS region' } },
  },
  queues: {
    host: 'sqs.{region}.amazonaws.com',
    protocol: 'sqs',
    description:
      'Commands. The queue of a type is in the SSM parameter /spillway/shop/<stage>/commands/<type>; the message is the body.',
    variables: { region: { description: 'AWS region' } },
  },
};

const text = (description: string, more: object = {}) => ({ type: 'string', description, ...more });

/** `CloudEvent` of the runtime, as JSON Schema. */
const ENVELOPE = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'time', 'dataschema', 'data', 'correlationid', 'hops'],
  properties: {
    specversion: { const: '1.0' },
    id: text('Minted once, before the first attempt to send it.', { minLength: 1, maxLength: 128 }),
    source: text('Who says so.'),
    type: text('What is said.'),
    time: text('When it was minted.', { format: 'date-time' }),
    subject: text('What it is about: the key of the aggregate that said it.'),
    dataschema: text('Contract and version.'),
    datacontenttype: { const: 'application/json' },
    data: { type: 'object' },
    correlationid: text('The id of the message with which it all began.'),
    causationid: text('The id of the message that caused this one.'),
    traceparent: text('W3C Trace Context.'),
    sequence: { type: 'integer', description: 'The version of the aggregate that said it.' },
    hops: { type: 'integer', minimum: 0, description: 'How many consumers it has come through.' },
    partitionkey: text('Of commands: those with the same value are executed in order.'),
  },
};

const keyOf = ({ type, version }: Contract): string => `${type}.${version}`;

const dataOf = (contract: Contract): JsonSchema => {
  const { $schema: _, ...schema } = contract.schema();
  return schema;
};

const messageOf = (contract: Contract): object => ({
  name: contract.type,
  title: `${contract.type}, version ${contract.version}`,
  summary: descriptionOf(contract),
  contentType: 'application/cloudevents+json',
  correlationId: { location: '$message.payload#/correlationid' },
  payload: {
    schemaFormat: 'application/schema+json;version=draft-07',
    schema: {
      allOf: [
        { $ref: '#/components/schemas/CloudEvent' },
        {
          properties: {
            type: { const: contract.type },
            dataschema: { const: `urn:spillway:${contract.type}:${contract.version}` },
            data: { $ref: `#/components/schemas/${keyOf(contract)}` },
          },
        },
      ],
    },
  },
  examples: [{ payload: exampleOf(contract) }],
});

const channelOf = ({ kind, type }: Contract, { contracts }: Topology): object => ({
  address: type,
  servers: [{ $ref: `#/servers/${kind === 'command' ? 'queues' : 'bus'}` }],
  messages: Object.fromEntries(
    contracts
      .filter((one) => one.type === type)
      .map((one) => [keyOf(one), { $ref: `#/components/messages/${keyOf(one)}` }]),
  ),
});

function* operationsOf({ parties, contracts }: Topology): Generator<[string, object]> {
  for (const { name, on, says } of parties) {
    for (const contract of contracts) {
      const tags = { tags: [{ name }] };
      const routes = on.filter((route) => route.contract === contract);
      if (routes.length > 0)
        yield [
          `${name}.receives.${keyOf(contract)}`,
          { action: 'receive', ...spoken(contract), ...tags, ...filterNote(filtersOf(routes)) },
        ];
      if (says.includes(contract))
        yield [`${name}.says.${keyOf(contract)}`, { action: 'send', ...spoken(contract), ...tags }];
    }
  }
}

const filterNote = (filters: readonly object[]): object =>
  filters.length === 0
    ? {}
    : { description: 'Only what passes the filter of its rule.', 'x-filter': filters };

const spoken = (contract: Contract): object => ({
  channel: { $ref: `#/channels/${contract.type}` },
  messages: [{ $ref: `#/channels/${contract.type}/messages/${keyOf(contract)}` }],
});
