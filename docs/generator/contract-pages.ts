import type { Contract } from '../../functions/runtime/contract.ts';
import type { JsonSchema } from '../../functions/runtime/contract/schema.ts';
import { descriptionOf } from './description.ts';
import { exampleOf } from './example.ts';
import { filtersOf } from './filters.ts';
import { GENERATED, table, type Page } from './page.ts';
import type { Snapshots } from './schemas.ts';
import { listenersTo, speakersOf, type Topology } from './topology.ts';

/** docs/contracts: a page for each type, and an index. */
export function contractPages(topology: Topology, snapshots: Snapshots): Page[] {
  const newest = topology.contracts.filter(
    (one) => !topology.contracts.some(({ type, version }) => type === one.type && version > one.version),
  );
  return [
    { path: 'contracts/README.md', text: index(newest, topology) },
    ...newest.map((contract) => ({
      path: `contracts/${contract.type}.md`,
      text: pageOf(contract, topology, snapshots),
    })),
  ];
}

const index = (contracts: readonly Contract[], topology: Topology): string => `# What is said in the shop

${GENERATED} The same for machines: [asyncapi.yaml](../asyncapi.yaml), and a JSON Schema of each version in [schemas](../schemas).

${table(
  ['Type', 'Kind', 'What it is', 'Said by', 'Heard by'],
  contracts.map((one) => [
    `[${one.type}](${one.type}.md)`,
    one.kind,
    descriptionOf(one),
    speakersOf(topology, one).join(', ') || 'outside',
    listenersTo(topology, one)
      .map(({ name }) => name)
      .join(', ') || 'outside',
  ]),
)}

## Changing what is said

Within a version only a new optional field is harmless; whatever else changes makes a new version, which takes two deploys: [readers ship before writers](../decisions/0030-readers-ship-before-writers.md). \`npm run check\` holds the contracts against the committed schemas. Before a deploy, hold them against what is deployed, by its commit, tag or branch:

\`\`\`sh
npm run docs -- --check --deployed v1.4.0
\`\`\`

It fails with each change that data on its way, or a function that is not replaced yet, would not survive, and with what to do about it.
`;

const pageOf = (contract: Contract, topology: Topology, snapshots: Snapshots): string =>
  `# ${contract.type}

${descriptionOf(contract)}

${table(
  ['', ''],
  [
    [
      'Kind',
      contract.kind === 'command' ? ordering(contract) : 'event: any number of consumers, in any order',
    ],
    ['Source', code(contract.source)],
    ['Version', versionsOf(contract, snapshots)],
    ['Said by', speakersOf(topology, contract).join(', ') || 'outside of the pipeline'],
  ],
)}

## Consumers

${consumersOf(contract, topology)}

## Data

Fields that are not listed pass through unharmed.

${table(['Field', 'Type', 'Required'], [...fieldsOf(contract.schema(), '')])}

## Example

As \`${contract.kind === 'command' ? 'body' : 'detail'}\`:

\`\`\`json
${JSON.stringify(exampleOf(contract), null, 2)}
\`\`\`

<!-- ${GENERATED} -->
`;

const code = (text: string): string => `\`${text}\``;

/** Of a command: what `CommandContract` adds to a contract. */
const ordering = (contract: Contract): string => {
  const { orderBy, onPoison } = contract as Contract & { orderBy: string; onPoison: string };
  const after =
    onPoison === 'park' ? 'later ones of its key follow it, until it is redriven' : 'later ones go on';
  return `command: one consumer, in order by ${code(orderBy)}; when one is dead-lettered, ${after}`;
};

const versionsOf = ({ type, version }: Contract, { schemas, versions }: Snapshots): string => {
  const earlier = Object.keys(schemas[type] ?? {}).filter((one) => Number(one) < version);
  const { reads = version, writes = version } = versions[type] ?? {};
  return [
    `${version}`,
    ...earlier.map((one) => `${one} is still read`),
    ...(writes < version ? [`${writes} is still said`] : []),
    ...(reads < version ? [`not every consumer reads it yet`] : []),
  ].join('; ');
};

function consumersOf(contract: Contract, topology: Topology): string {
  const outside = topology.heardElsewhere.some(({ type }) => type === contract.type)
    ? ['- Listeners outside of the pipeline']
    : [];
  const here = listenersTo(topology, contract).map(({ name, routes }) => {
    const filters = filtersOf(routes);
    return `- ${name}${filters.length > 0 ? `, where ${filters.map((one) => code(JSON.stringify(one))).join(' or ')}` : ''}`;
  });
  return [...here, ...outside].join('\n');
}

function* fieldsOf(schema: JsonSchema, path: string): Generator<string[]> {
  for (const [name, of] of Object.entries(schema.properties ?? {})) {
    const field = of as JsonSchema;
    yield [code(path + name), typeOf(field), schema.required?.includes(name) ? 'yes' : 'no'];
    yield* fieldsOf(field, `${path}${name}.`);
    if (field.type === 'array') yield* fieldsOf(field.items as JsonSchema, `${path}${name}[].`);
  }
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(', ');
  if (schema.anyOf) return schema.anyOf.map((one) => typeOf(one)).join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items as JsonSchema)}${bounds(schema)}`;
  return `${schema.format ?? String(schema.type ?? 'anything')}${bounds(schema)}`;
}

function bounds(schema: JsonSchema): string {
  const low = schema.minimum ?? schema.minLength ?? schema.minItems;
  const high = schema.maximum ?? schema.maxLength ?? schema.maxItems;
  const unit = schema.type === 'string' ? ' characters' : schema.type === 'array' ? ' items' : '';
  const parts = [
    low !== undefined && `from ${low}`,
    high !== undefined && high < Number.MAX_SAFE_INTEGER && `to ${high}`,
  ].filter((part) => part !== false);
  const steps = schema.multipleOf === undefined ? '' : `, by ${schema.multipleOf}`;
  return parts.length === 0 ? '' : `, ${parts.join(' ')}${unit}${steps}`;
}
