/**
 * Writes `specification.json`: what AWS's resource specification says of the types in `resources/`. The whole database
 * costs every process that loads it a second and 140 MB; this is the hundredth part that is needed.
 *
 *     npx tsx local/cloudformation/extract.ts
 */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadAwsServiceSpec } from '@aws-cdk/aws-service-spec';
import { resourceTypes } from './resource-types.ts';
import { SPECIFICATION, type Shape, type Specification, type TypeSpecification } from './specification.ts';

type Database = Awaited<ReturnType<typeof loadAwsServiceSpec>>;
type Resource = ReturnType<Database['all']> extends (infer _)[] ? ReturnType<typeof resourceNamed> : never;
type Property = Resource['properties'][string];

/** What `specification.json` should hold. Types that the database does not know (custom resources, CDK's metadata) are left out. */
export async function extracted(): Promise<Specification> {
  const database = await loadAwsServiceSpec();
  const types: Record<string, TypeSpecification> = {};
  const definitions: Specification['definitions'] = { [TAG]: KEY_AND_VALUE };

  const shape = (type: Property['type']): Shape => {
    switch (type.type) {
      case 'array':
        return { list: shape(type.element) };
      case 'map':
        return { map: shape(type.element) };
      case 'union':
        return { any: type.types.map(shape) };
      case 'ref':
        return { definition: definition(type.reference.$ref) };
      case 'tag':
        return { definition: TAG };
      case 'date-time':
        return 'string';
      default:
        return type.type;
    }
  };
  const definition = (id: string): string => {
    const { name, properties } = database.get('typeDefinition', id);
    const key = `${name}#${id}`;
    if (!definitions[key]) {
      definitions[key] = {};
      definitions[key] = fields(properties);
    }
    return key;
  };
  const fields = (properties: Resource['properties']) =>
    Object.fromEntries(
      Object.entries(properties)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, { type, required, causesReplacement }]) => [
          name,
          {
            shape: shape(type),
            ...(required ? { required } : {}),
            ...(causesReplacement && causesReplacement !== 'no' ? { replaces: causesReplacement } : {}),
          },
        ]),
    );

  for (const name of Object.keys(await resourceTypes()).toSorted()) {
    const [found] = database.lookup('resource', 'cloudFormationType', 'equals', name);
    if (found)
      types[name] = {
        properties: fields(found.properties),
        attributes: Object.keys(found.attributes).toSorted(),
      };
  }
  return { types, definitions };
}

const TAG = 'Tag';

const KEY_AND_VALUE = {
  Key: { shape: 'string' as const, required: true },
  Value: { shape: 'string' as const, required: true },
};

const resourceNamed = (database: Database, name: string) =>
  database.lookup('resource', 'cloudFormationType', 'equals', name)[0]!;

if (process.argv[1] === fileURLToPath(import.meta.url))
  await writeFile(SPECIFICATION, `${JSON.stringify(await extracted())}\n`);
