/** What a resource type is: how its resources come about, change and go, by the operations of its own service. */
import type { Tag } from '@aws-sdk/client-cloudformation';
import { modulesIn } from '../modules-in.ts';
import type { Services, World } from '../world.ts';
import type { Dictionary } from './values.ts';

/** What came of a resource. */
export interface Resource {
  /** The physical id, which is also what `Ref` gives. */
  id: string;
  /** What `Fn::GetAtt` gives. @default nothing */
  attributes?: Dictionary;
}

/** The default export of a file in `resources/` has one of these by each type's name. */
// oxlint-disable-next-line typescript/no-explicit-any -- each type states its own properties
export interface ResourceType<Properties = any> {
  /** The property that holds the physical name: with a name of one's own a resource cannot be replaced. @default none */
  name?: string;
  create(properties: Properties, site: Site): Promise<Resource>;
  /** An other id than before means that this is a new resource, and the old one is deleted later. @default every change needs a new resource */
  update?(
    before: Required<Resource>,
    properties: Properties,
    site: Site,
    previous: Properties,
  ): Promise<Resource>;
  delete(resource: Required<Resource>, site: Site, properties: Properties): Promise<void>;
}

/** Where a resource stands, and what it may use. */
export interface Site {
  world: World;
  type: string;
  logicalId: string;
  stack: { id: string; name: string };
  account: string;
  region: string;
  /** Calls a service as whoever deploys. */
  call<Output = Dictionary>(service: keyof Services, operation: string, input: object): Promise<Output>;
  /** The resource is there, though not finished: should the rest of its creation fail, it is deleted. */
  made(unfinished: Resource): void;
  /** The name that was given, or one made up as AWS does: `STACK-LOGICALID-12LETTERS`. */
  name(given: string | undefined, shape: NameShape): string;
  /** The resource's own tags under those of the stack. */
  tags(own: Tag[] | undefined): { Key: string; Value: string }[];
}

export interface NameShape {
  longest: number;
  /** @default as the stack and the resource are called */
  lowerCase?: boolean;
  /** Such as `.fifo`. @default nothing */
  suffix?: string;
}

export type ResourceTypes = Record<string, ResourceType>;

let found: Promise<ResourceTypes> | undefined;

/** The types of every file in `resources/`. Read once a process. */
export const resourceTypes = (): Promise<ResourceTypes> => (found ??= read());

async function read(): Promise<ResourceTypes> {
  const names = await modulesIn(new URL('./resources/', import.meta.url));
  const modules = await Promise.all(
    names.map((name) => import(`./resources/${name}.ts`) as Promise<{ default: ResourceTypes }>),
  );
  return Object.assign({}, ...modules.map((module) => module.default)) as ResourceTypes;
}

/** `Custom::Anything` is made as AWS::CloudFormation::CustomResource is. */
export const typeNamed = (types: ResourceTypes, type: string): ResourceType | undefined =>
  types[type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : type];
