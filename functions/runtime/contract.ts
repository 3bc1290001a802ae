/**
 * Contracts: what may be said. One value is the factory, the type, the routing pattern and the JSON Schema. This file
 * needs neither the AWS SDK nor CDK, so that other repositories can import a team's contracts without its app.
 */
import { ambient, type Ambient } from './ambient.ts';
import { checkSource, checkType, mint, type CloudEvent, type MintOptions } from './contract/cloudevent.ts';
import { payloadHash } from './contract/ids.ts';
import { checkJson } from './contract/json.ts';
import {
  conform,
  jsonSchemaOf,
  loose,
  type Input,
  type JsonSchema,
  type Output,
  type Shape,
} from './contract/schema.ts';
import { filterOf, type EventPattern, type Filter, type Where } from './contract/where.ts';
import { Fault, refusal } from './errors.ts';

/** Something to listen to: a contract, or a contract with conditions. */
export interface Route<Type extends string = string, Data = unknown> {
  readonly contract: Contract;
  /** As `EventPattern` of a rule. Commands do not travel through a bus; theirs matches nothing there. */
  readonly pattern: EventPattern;
  /** Only for the compiler. */
  readonly says?: { type: Type; data: Data };
}

/** What every contract has. */
export interface Contract<Type extends string = string, Data = unknown> extends Route<Type, Data> {
  readonly kind: 'event' | 'command' | 'external';
  readonly type: Type;
  readonly version: number;
  readonly source: string;
  /** The data as it travels, in JSON Schema 2020-12. */
  schema(): JsonSchema;
  /** Brings received data of `version` up to this contract's and checks it. Throws UNKNOWN_VERSION, EVT_SCHEMA. */
  read(version: number, data: unknown): Data;
}

export interface EventContract<Type extends string, S extends Shape> extends Contract<Type, Output<S>> {
  /** Mints an event. Throws EVT_* for what may not be sent. */
  (...mint: Parameters<Factory<Type, S>>): ReturnType<Factory<Type, S>>;
  readonly kind: 'event';
  /** Only the events for which all conditions hold. Throws PATTERN_*. */
  where(conditions: Where<Input<S>>): Route<Type, Output<S>>;
}

export interface CommandContract<Type extends string, S extends Shape> extends Contract<Type, Output<S>> {
  /** Mints a command. Throws EVT_* for what may not be sent. */
  (...mint: Parameters<Factory<Type, S>>): ReturnType<Factory<Type, S>>;
  readonly kind: 'command';
  readonly orderBy: string;
  readonly onPoison: 'continue' | 'park';
}

export interface ExternalContract<Type extends string, S extends Shape> extends Contract<Type, Output<S>> {
  readonly kind: 'external';
  /** The id that makes two deliveries one. */
  idOf(data: Output<S>): string;
  where(conditions: Where<Input<S>>): Route<Type, Output<S>>;
}

/** The data of a contract, as a consumer sees it: `Data<typeof OrderPlaced>`. */
export type Data<R extends Route> = R extends Route<string, infer Data> ? Data : never;

/** The messages of several routes, told apart by `type`. */
export type MessageOf<R extends Route> =
  R extends Route<infer Type, infer Data> ? CloudEvent<Type, Data> : never;

interface Versions {
  /** Raised with every incompatible change of `data`. @default 1 */
  version?: number;
  /** Each earlier version's data to the next version's. @default none: only the current version is understood */
  upcast?: Readonly<Record<number, (old: Record<string, unknown>) => Record<string, unknown>>>;
}

export interface EventSpec<S extends Shape> extends Versions {
  /** The owning service: `shop.checkout`. */
  source: string;
  data: S;
}

export interface CommandSpec<S extends Shape> extends Versions {
  data: S;
  /** The field of `data` by which commands run one after another, those of one decision in its order: the FIFO group. */
  orderBy: keyof S & string;
  /** After a dead letter, whether later commands of the same key go on, or follow it until it is redriven. @default continue */
  onPoison?: 'continue' | 'park';
  /** Who sends it, unless the sender says so; what a consumer sends has the consumer's name. @default commands */
  source?: string;
}

/** Something that happened; any number of consumers. Throws CONTRACT_INVALID, EVT_BAD_TYPE, EVT_BAD_SOURCE, EVT_RESERVED_SOURCE. */
export function event<const Type extends string, S extends Shape>(
  type: Type,
  spec: EventSpec<S>,
): EventContract<Type, S> {
  checkType(type);
  checkSource(spec.source);
  const base = baseOf(type, spec.source, spec);
  const factory: Factory<Type, S> = (data, options = {}, surroundings = ambient) =>
    mint(base, checked(base, data), options, surroundings);
  const where = (conditions: Where<Input<S>>): Route<Type, Output<S>> =>
    narrowed(contract, { data: filterOf(conditions, base.schema()) });
  const contract: EventContract<Type, S> = itself<EventContract<Type, S>>(
    Object.assign(factory, base, { kind: 'event' as const, where }),
  );
  return contract;
}

/** Something to be done; exactly one consumer, one after another by `orderBy`. Throws as `event`. */
export function command<const Type extends string, S extends Shape>(
  type: Type,
  spec: CommandSpec<S>,
): CommandContract<Type, S> {
  const { orderBy, onPoison = 'continue', source = 'commands' } = spec;
  checkType(type);
  checkSource(source);
  if (!(orderBy in spec.data)) throw invalid(`${type} is ordered by ${orderBy}, which it does not have`);
  const base = baseOf(type, source, spec);
  const factory: Factory<Type, S> = (data, options = {}, surroundings = ambient) => ({
    ...mint(base, checked(base, data), options, surroundings),
    partitionkey: partitionOf((data as Record<string, unknown>)[orderBy]),
  });
  return itself<CommandContract<Type, S>>(
    Object.assign(factory, base, { kind: 'command' as const, orderBy, onPoison }),
  );
}

/**
 * An event of others, which is no CloudEvent: `external('aws.s3', {…}, { type: 'Object Created', id: … })`. It is read as
 * if it were one, with `detail` as data. `type` is the detail-type.
 */
export function external<const Type extends string, S extends Shape>(
  source: string,
  shape: S,
  { type, id }: { type: Type; id: (data: Output<S>) => string },
): ExternalContract<Type, S> {
  const base = baseOf(type, source, { data: shape });
  const where = (conditions: Where<Input<S>>): Route<Type, Output<S>> =>
    narrowed(contract, filterOf(conditions, base.schema()));
  const contract: ExternalContract<Type, S> = itself<ExternalContract<Type, S>>({
    ...base,
    kind: 'external',
    idOf: id,
    where,
  });
  return contract;
}

type Factory<Type extends string, S extends Shape> = (
  data: Input<S>,
  options?: MintOptions,
  surroundings?: Pick<Ambient, 'now' | 'newId'>,
) => CloudEvent<Type, Input<S>>;

function baseOf<Type extends string, S extends Shape>(
  type: Type,
  source: string,
  { version = 1, upcast = {}, data }: Versions & { data: S },
) {
  checkUpcasters(type, version, upcast);
  const schema = loose(data);
  return {
    type,
    version,
    source,
    pattern: { source: [source], 'detail-type': [type] } satisfies EventPattern,
    schema: () => jsonSchemaOf(schema),
    read(received: number, payload: unknown): Output<S> {
      let current = payload;
      for (let at = received; at !== version; at++) {
        const step = upcast[at];
        if (!step)
          throw new Fault('UNKNOWN_VERSION', `${type} of version ${received} is not known here`, {
            limit: version,
            actual: received,
          });
        current = step(current as Record<string, unknown>);
      }
      return conform(schema, current, type) as Output<S>;
    },
  };
}

/** A contract is its own route. */
const itself = <C extends Contract>(contract: Omit<C, 'contract'>): C =>
  Object.assign(contract, { contract }) as unknown as C;

const narrowed = <Type extends string, D>(contract: Contract<Type, D>, detail: Filter): Route<Type, D> => ({
  contract,
  pattern: { ...contract.pattern, detail },
});

/** What may be sent, unchanged: schemas may fill in defaults when they read, never when they write. */
function checked<T>(contract: Pick<Contract, 'type' | 'version' | 'read'>, data: T): T {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const actual = data === null ? 'null' : Array.isArray(data) ? 'array' : typeof data;
    throw refusal('EVT_DETAIL_NOT_OBJECT', `the data of ${contract.type} is ${actual}`, {
      path: 'data',
      actual,
    });
  }
  checkJson(data);
  contract.read(contract.version, data);
  return data;
}

/** A FIFO group id as SQS takes it: 1 to 128 alphanumeric or punctuation characters; what does not fit is hashed. */
const partitionOf = (value: unknown): string => {
  const text = String(value);
  return /^[\x21-\x7e]{1,128}$/.test(text) ? text : payloadHash('', text);
};

function checkUpcasters(type: string, version: number, upcast: object): void {
  if (!Number.isInteger(version) || version < 1)
    throw invalid(`the version of ${type} is not a whole number from 1`);
  for (const old of Object.keys(upcast).map(Number))
    if (old >= version || (old + 1 < version && !(old + 1 in upcast)))
      throw invalid(`the upcasters of ${type} do not lead from ${old} to ${version}`);
}

const invalid = (message: string) => refusal('CONTRACT_INVALID', message);
